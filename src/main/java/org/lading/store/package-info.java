/** The JDBC implementation of the download store. */
@NullMarked
package org.lading.store;

import org.jspecify.annotations.NullMarked;
