/** The composition root: builds all parts from the configuration, and closes them. */
@NullMarked
package org.lading.app;

import org.jspecify.annotations.NullMarked;
