/** Plain links: the archive of a path, or of the choice in a token, for a GET. */
@NullMarked
package org.lading.link;

import org.jspecify.annotations.NullMarked;
