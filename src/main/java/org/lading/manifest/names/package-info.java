/** Names inside an archive: which are allowed, which are used, and which look alike. */
@NullMarked
package org.lading.manifest.names;

import org.jspecify.annotations.NullMarked;
