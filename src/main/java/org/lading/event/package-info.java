/** The outbox of what happened to downloads, and its delivery. Knows nothing of downloads. */
@NullMarked
package org.lading.event;

import org.jspecify.annotations.NullMarked;
