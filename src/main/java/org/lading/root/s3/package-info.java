/** Roots that are a bucket and a prefix; the only room that sees the AWS SDK. */
@NullMarked
package org.lading.root.s3;

import org.jspecify.annotations.NullMarked;
