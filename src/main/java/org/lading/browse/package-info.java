/** Pages to browse what may be browsed, and to pick from it what a download shall have. */
@NullMarked
package org.lading.browse;

import org.jspecify.annotations.NullMarked;
