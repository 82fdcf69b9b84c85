/** Utilities that several rooms use and that know nothing of downloads. */
@NullMarked
package org.lading.base;

import org.jspecify.annotations.NullMarked;
