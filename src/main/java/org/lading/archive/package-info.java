/**
 * The archive that Lading streams itself: a download's entries as ZIP members, their bytes read
 * ahead within one budget, and their CRC-32s recorded as they pass. Knows nothing of servlets.
 */
@NullMarked
package org.lading.archive;

import org.jspecify.annotations.NullMarked;
