/** Small things that several rooms need and that know nothing of downloads. */
@NullMarked
package org.lading.base;

import org.jspecify.annotations.NullMarked;
