/** Manifests for nginx's mod_zip: their lines and headers, and the length of the archive. */
@NullMarked
package org.lading.modzip;

import org.jspecify.annotations.NullMarked;
