/**
 * Targets, entries, the names inside the archive, and the service that makes entries of targets.
 */
@NullMarked
package org.lading.manifest;

import org.jspecify.annotations.NullMarked;
