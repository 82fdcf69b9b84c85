package org.lading.download;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.ArchiveLayout;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.ArchiveSizer;
import org.lading.manifest.Entry;

/** Adds up entries as they pass by. */
final class TotalsCounter {
  private static final byte[] NOTHING = {};

  private final ArchiveSizer modZip;
  private final ArchiveLayout layout;
  private final MessageDigest digest;
  private final Set<String> roots = new HashSet<>();
  private String lastRoot = "";

  /** What the digest has yet to take: it is quicker with much at once. */
  private ByteBuffer waiting = ByteBuffer.allocate(8 * 1024);

  private long entries;
  private long files;
  private long bytes;

  TotalsCounter(ArchiveSizer modZip, ArchiveLayout layout) {
    this.modZip = modZip;
    this.layout = layout;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The place of the next entry in the archive that Lading streams itself. */
  ArchivePoint point() {
    return layout.point();
  }

  void add(Entry entry) {
    entries++;
    files += entry.isDirectory() ? 0 : 1;
    bytes += entry.size();
    modZip.add(entry);
    layout.add(entry);
    Instant modified = entry.modified();
    makeRoom(4 * Long.BYTES);
    waiting.putLong(entry.size()).putLong(entry.crc32());
    waiting.putLong(modified.getEpochSecond()).putLong(modified.getNano());
    digestText(entry.kind().name());
    digestText(entry.name());
    Entry.Source source = entry.source();
    if (source != null) {
      addRoot(source.root());
      digestText(source.root());
      digestText(source.key());
      digestText(source.version());
    }
  }

  Download.Totals totals() {
    makeRoom(waiting.capacity());
    String fingerprint = HexFormat.of().formatHex(digest.digest(), 0, 16);
    return new Download.Totals(
        entries,
        files,
        bytes,
        modZip.length(),
        layout.length(),
        layout.point(),
        fingerprint,
        Set.copyOf(roots));
  }

  private void addRoot(String root) {
    if (!root.equals(lastRoot)) {
      roots.add(root);
      lastRoot = root;
    }
  }

  /** With a NUL behind it, which no text here contains, so that no two lists look the same. */
  private void digestText(@Nullable String text) {
    byte[] bytes = text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
    makeRoom(bytes.length + 1);
    waiting.put(bytes).put((byte) 0);
  }

  private void makeRoom(int length) {
    if (waiting.remaining() < length) {
      digest.update(waiting.flip());
      waiting = length > waiting.capacity() ? ByteBuffer.allocate(length) : waiting.clear();
    }
  }
}
