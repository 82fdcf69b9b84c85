/** Roots that are the keys of a bucket with a prefix; the only package that uses the AWS SDK. */
@NullMarked
package org.lading.root.s3;

import org.jspecify.annotations.NullMarked;
