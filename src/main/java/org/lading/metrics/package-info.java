/** Counters, timers and gauges by name, in the text format of Prometheus. */
@NullMarked
package org.lading.metrics;

import org.jspecify.annotations.NullMarked;
