/**
 * The configuration: its records, and the loader, which reports all faults of a file with lines.
 */
@NullMarked
package org.lading.config;

import org.jspecify.annotations.NullMarked;
