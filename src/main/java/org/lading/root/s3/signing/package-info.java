/** Presigns the URLs by which nginx gets the objects of a bucket. */
@NullMarked
package org.lading.root.s3.signing;

import org.jspecify.annotations.NullMarked;
