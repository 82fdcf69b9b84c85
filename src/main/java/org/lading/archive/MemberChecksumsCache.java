package org.lading.archive;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import org.lading.checksum.ChecksumLedger;

/** What is learned of the downloads that are being fetched, each once for all who fetch it. */
final class MemberChecksumsCache {
  private final ChecksumLedger ledger;
  private final Map<String, SoftReference<MemberChecksums>> byId = new HashMap<>();

  MemberChecksumsCache(ChecksumLedger ledger) {
    this.ledger = ledger;
  }

  /** That of a download; forgotten when nobody has it any more and memory is wanted. */
  synchronized MemberChecksums of(String id) {
    SoftReference<MemberChecksums> reference = byId.get(id);
    MemberChecksums learned = reference == null ? null : reference.get();
    if (learned == null) {
      byId.values().removeIf(other -> other.refersTo(null));
      learned = new MemberChecksums(ledger);
      byId.put(id, new SoftReference<>(learned));
    }
    return learned;
  }
}
