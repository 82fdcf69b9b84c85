/** The composition root: builds everything from the configuration and closes everything. */
@NullMarked
package org.lading.app;

import org.jspecify.annotations.NullMarked;
