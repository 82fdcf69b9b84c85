/** The watch over the threads that wait for roots: who waits, for which root, since when. */
@NullMarked
package org.lading.root.watch;

import org.jspecify.annotations.NullMarked;
