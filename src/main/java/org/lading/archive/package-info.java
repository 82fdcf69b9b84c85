/**
 * The archive that Lading streams itself: a download's entries as ZIP members, whose bytes are
 * prefetched within one budget, and whose CRC-32s are recorded as they are read. Knows nothing of
 * servlets.
 */
@NullMarked
package org.lading.archive;

import org.jspecify.annotations.NullMarked;
