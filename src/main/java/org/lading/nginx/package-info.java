/** Writes the nginx configuration that belongs to a Lading configuration. */
@NullMarked
package org.lading.nginx;

import org.jspecify.annotations.NullMarked;
