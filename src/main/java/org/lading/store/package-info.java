/** The JDBC implementation of the stores of downloads and of checksums. */
@NullMarked
package org.lading.store;

import org.jspecify.annotations.NullMarked;
