/** Lists the keys of a bucket in their order, with several calls under way at once. */
@NullMarked
package org.lading.root.s3.listing;

import org.jspecify.annotations.NullMarked;
