/** Roots that are directories of the file system. */
@NullMarked
package org.lading.root.filesystem;

import org.jspecify.annotations.NullMarked;
