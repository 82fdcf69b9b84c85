/** The JAX-RS resources: create, status, help. */
@NullMarked
package org.lading.api;

import org.jspecify.annotations.NullMarked;
