/**
 * The archive that Lading streams itself: a download's entries as ZIP members, whose bytes are
 * prefetched within one budget, and whose CRC-32s are recorded as they are read. Knows nothing of
 * servlets.
 *
 * <p>An entry is what a download recorded of a file or directory when it was created; a member is
 * the same in the archive, its header and bytes; a piece is 16 MiB of a large file, with a CRC-32
 * of its own.
 */
@NullMarked
package org.lading.archive;

import org.jspecify.annotations.NullMarked;
