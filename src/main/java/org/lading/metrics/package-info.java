/** Counters and timers by name, in the form that Prometheus reads. */
@NullMarked
package org.lading.metrics;

import org.jspecify.annotations.NullMarked;
