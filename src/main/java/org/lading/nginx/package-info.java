/** Renders the nginx configuration for a Lading configuration, on the command line. */
@NullMarked
package org.lading.nginx;

import org.jspecify.annotations.NullMarked;
