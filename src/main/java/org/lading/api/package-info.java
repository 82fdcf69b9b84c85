/** The JAX-RS resources: the creation and status of downloads, health, metrics and help. */
@NullMarked
package org.lading.api;

import org.jspecify.annotations.NullMarked;
