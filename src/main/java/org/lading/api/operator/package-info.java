/** What those who run Lading ask it: the state of its parts, what it does now, and its metrics. */
@NullMarked
package org.lading.api.operator;

import org.jspecify.annotations.NullMarked;
