/** Targets, entries, names inside the archive, and the service that turns targets into entries. */
@NullMarked
package org.lading.manifest;

import org.jspecify.annotations.NullMarked;
