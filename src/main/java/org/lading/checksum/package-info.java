/** What is known of the CRC-32s of contents: what identifies one, the ledger, and its port. */
@NullMarked
package org.lading.checksum;

import org.jspecify.annotations.NullMarked;
