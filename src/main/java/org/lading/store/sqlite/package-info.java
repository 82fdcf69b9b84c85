/** The embedded database: its directory, its native library and its connections. */
@NullMarked
package org.lading.store.sqlite;

import org.jspecify.annotations.NullMarked;
