/**
 * The manifest as nginx's mod_zip reads it: lines, headers, and the length of the archive it makes.
 */
@NullMarked
package org.lading.modzip;

import org.jspecify.annotations.NullMarked;
