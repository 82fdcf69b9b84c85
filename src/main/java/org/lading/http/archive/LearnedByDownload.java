package org.lading.http.archive;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import org.lading.checksum.ChecksumLedger;

/** What is learned of the downloads that are being fetched, each once for all who fetch it. */
final class LearnedByDownload {
  private final ChecksumLedger ledger;
  private final Map<String, SoftReference<Learned>> byId = new HashMap<>();

  LearnedByDownload(ChecksumLedger ledger) {
    this.ledger = ledger;
  }

  /** That of a download; forgotten when nobody has it any more and memory is wanted. */
  synchronized Learned of(String id) {
    SoftReference<Learned> reference = byId.get(id);
    Learned learned = reference == null ? null : reference.get();
    if (learned == null) {
      byId.values().removeIf(other -> other.refersTo(null));
      learned = new Learned(ledger);
      byId.put(id, new SoftReference<>(learned));
    }
    return learned;
  }
}
