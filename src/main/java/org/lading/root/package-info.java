/** The port to the places where content lies, and the set of configured roots. */
@NullMarked
package org.lading.root;

import org.jspecify.annotations.NullMarked;
