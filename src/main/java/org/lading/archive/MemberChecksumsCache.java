package org.lading.archive;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import org.lading.checksum.ChecksumLedger;

/**
 * Holds the checksums of the downloads that are being fetched; all clients of a download share
 * them.
 */
final class MemberChecksumsCache {
  private final ChecksumLedger ledger;
  private final Map<String, SoftReference<MemberChecksums>> byId = new HashMap<>();

  MemberChecksumsCache(ChecksumLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * Returns the checksums of a download; they are dropped if no client uses them and memory runs
   * low.
   */
  synchronized MemberChecksums of(String id) {
    SoftReference<MemberChecksums> reference = byId.get(id);
    MemberChecksums checksums = reference == null ? null : reference.get();
    if (checksums == null) {
      byId.values().removeIf(other -> other.refersTo(null));
      checksums = new MemberChecksums(ledger);
      byId.put(id, new SoftReference<>(checksums));
    }
    return checksums;
  }
}
