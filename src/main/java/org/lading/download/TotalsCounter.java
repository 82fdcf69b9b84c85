package org.lading.download;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;
import org.lading.base.Digests;
import org.lading.manifest.ArchiveLayout;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.ArchiveSizer;
import org.lading.manifest.AssemblyPredictor;
import org.lading.manifest.Entry;
import org.lading.manifest.ManifestFindings;

/** Computes the totals of entries that are added one by one. */
public final class TotalsCounter {
  private static final int MIN_DIGESTED_BYTES = 8 * 1024;
  private static final int CHECKSUM_BYTES = 8;

  private final ArchiveSizer modZip;
  private final ArchiveLayout layout;
  private final AssemblyPredictor predictor;

  /**
   * Digests what the entries are, without their CRC-32s: these become known with time, and an
   * archive that is made anew is compared without them.
   */
  private final MessageDigest digest = Digests.sha256();

  private final MessageDigest checksumDigest = Digests.sha256();
  private final Set<String> roots = new HashSet<>();
  private String lastRoot = "";

  /** The bytes that the digest has not taken yet; it is faster with many bytes at a time. */
  private final ByteBuilder pending = new ByteBuilder(2 * MIN_DIGESTED_BYTES);

  private final ByteBuilder pendingChecksums = new ByteBuilder(2 * MIN_DIGESTED_BYTES);

  private long entries;
  private long files;
  private long bytes;

  /**
   * Makes a counter of the entries of one download.
   *
   * @param modZip computes the length of the archive that mod_zip makes
   * @param layout lays out the archive that Lading streams itself
   * @param predictor predicts how long both take
   */
  public TotalsCounter(ArchiveSizer modZip, ArchiveLayout layout, AssemblyPredictor predictor) {
    this.modZip = modZip;
    this.layout = layout;
    this.predictor = predictor;
  }

  /** Returns the point of the next entry in the archive that Lading streams itself. */
  ArchivePoint point() {
    return layout.point();
  }

  /** Adds the next entry of the archive. */
  public void add(Entry entry) {
    entries++;
    files += entry.isDirectory() ? 0 : 1;
    bytes += entry.size();
    modZip.add(entry);
    layout.add(entry);
    predictor.add(entry);
    Instant modified = entry.modified();
    pending.appendLong(entry.size());
    pendingChecksums.appendLong(entry.crc32());
    pending.appendLong(modified.getEpochSecond()).appendLong(modified.getNano());
    digestText(entry.kind().name());
    digestText(entry.name());
    Entry.Source source = entry.source();
    if (source != null) {
      addRoot(source.root());
      digestText(source.root());
      digestText(source.key());
      digestText(source.version());
    }
    if (pending.length() >= MIN_DIGESTED_BYTES) {
      digest(pending, digest);
    }
    if (pendingChecksums.length() >= MIN_DIGESTED_BYTES) {
      digest(pendingChecksums, checksumDigest);
    }
  }

  /**
   * Returns the totals.
   *
   * @param findings what was found beside the entries
   */
  public Download.Totals totals(ManifestFindings findings) {
    digest(pending, digest);
    digest(pendingChecksums, checksumDigest);
    HexFormat hex = HexFormat.of();
    String fingerprint =
        hex.formatHex(digest.digest(), 0, Download.Totals.SOURCE_DIGITS / 2)
            + hex.formatHex(checksumDigest.digest(), 0, CHECKSUM_BYTES);
    return new Download.Totals(
        entries,
        files,
        findings.omitted(),
        bytes,
        modZip.length(),
        layout.length(),
        layout.point(),
        fingerprint,
        Set.copyOf(roots),
        predictor.prediction(),
        findings.renamed());
  }

  private void addRoot(String root) {
    if (!root.equals(lastRoot)) {
      roots.add(root);
      lastRoot = root;
    }
  }

  /** Digests a text and a NUL, which no text contains, so that the digest is unambiguous. */
  private void digestText(@Nullable String text) {
    pending.append(text == null ? "" : text).append(0);
  }

  private static void digest(ByteBuilder pending, MessageDigest digest) {
    pending.writeTo(digest);
    pending.truncate(0);
  }
}
