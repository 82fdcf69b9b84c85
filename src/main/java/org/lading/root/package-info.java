/** The port {@link org.lading.root.Root} to stored content, and the set of configured roots. */
@NullMarked
package org.lading.root;

import org.jspecify.annotations.NullMarked;
