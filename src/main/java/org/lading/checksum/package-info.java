/** The known CRC-32s of contents: the id of a content, the ledger, and the port of its store. */
@NullMarked
package org.lading.checksum;

import org.jspecify.annotations.NullMarked;
