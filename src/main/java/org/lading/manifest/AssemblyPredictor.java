package org.lading.manifest;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.AssemblyPrediction.Burden;
import org.lading.root.Root;
import org.lading.root.Roots;

/**
 * Predicts how long mod_zip and Lading's own stream take to make an archive of entries that are
 * added one by one.
 *
 * <p>mod_zip fetches one entry after another, so that each object of a remote root costs a round
 * trip, and computes unknown CRC-32s slowly. Lading reads many small files at once, and its bytes
 * take longer, since they pass through Java. A prediction is the sum of what each entry and each
 * byte costs by its kind; only its ratio to the other one matters. The client and the connections
 * of the store are assumed to take any number of bytes: where they are slow, both ways take the
 * same time.
 *
 * <p>The constants are those of {@code BenchmarkAssembler} on two cores, with the table in
 * docs/performance.md.
 */
public final class AssemblyPredictor {
  /**
   * What a request costs before the first entry: nginx, the database, the manifest, and the way to
   * the client. Without the latter, Lading would take archives of which mod_zip needs 4 ms and not
   * 3.
   */
  private static final double BASE_NANOS = 10e6;

  /** A subrequest of mod_zip to the second server in nginx, for a file or a literal. */
  private static final double MOD_ZIP_FILE_NANOS = 45e3;

  /**
   * A request of nginx to Lading for the location of an object, which is signed when nginx comes to
   * it: 2.2 times what mod_zip takes for a small object of a store nearby ({@code
   * BenchmarkSigning}).
   */
  private static final double MOD_ZIP_LOCATION_NANOS = 300e3;

  /** The same, if Lading gives the content itself, since the CRC-32 is not known. */
  private static final double MOD_ZIP_CONTENT_NANOS = 1200e3;

  /** The same for a literal in the database, of which Lading keeps the row: 10,000 took 8.4 s. */
  private static final double MOD_ZIP_LITERAL_NANOS = 800e3;

  private static final double MOD_ZIP_BYTE_NANOS = 0.53;

  /** What a byte costs mod_zip in addition if it computes the CRC-32. */
  private static final double MOD_ZIP_CHECKSUM_NANOS = 2.4;

  private static final double EMBEDDED_FILE_NANOS = 10e3;

  /** A request of Lading to a store, in addition to the time until its answer begins. */
  private static final double EMBEDDED_OBJECT_NANOS = 300e3;

  private static final double EMBEDDED_BYTE_NANOS = 1;

  /** What a byte of a store costs either of them in addition, mostly in the store. */
  private static final double MOD_ZIP_REMOTE_BYTE_NANOS = 0.15;

  private static final double EMBEDDED_REMOTE_BYTE_NANOS = 1.3;

  /** How many objects Lading reads at once if they are small: the threads of one archive. */
  private static final double OBJECTS_AT_ONCE = 64;

  /** How many bytes Lading reads at once of a store: the number of bytes that it reads ahead. */
  private static final double BYTES_AT_ONCE = 16 << 20;

  /** The average size in bytes up to which files are called small: Lading holds these whole. */
  private static final long SMALL = 1 << 20;

  private final Roots roots;
  private final Map<String, Kind> kinds = new HashMap<>();
  private String lastRoot = "";
  private @Nullable Kind lastKind;

  /** The entries of one root, or those without a root. */
  private static final class Kind {
    private final @Nullable Root remote;
    private long files;
    private long bytes;
    private long unknownFiles;
    private long unknownBytes;
    private long literalsInDatabase;

    /** The number of round trips for which Lading waits, since it reads nothing else meanwhile. */
    private double waits;

    Kind(@Nullable Root remote) {
      this.remote = remote;
    }

    void add(Entry entry) {
      files++;
      literalsInDatabase += entry.isInDatabase() ? 1 : 0;
      bytes += entry.size();
      if (!entry.hasCrc32()) {
        unknownFiles++;
        unknownBytes += entry.size();
      }
      waits += Math.max(1 / OBJECTS_AT_ONCE, entry.size() / BYTES_AT_ONCE);
    }

    /** Returns the time in which mod_zip waits for entries to begin, and for bytes of a store. */
    double fetchingNanos(boolean isSignedPerEntry) {
      return remote == null
          ? (files - literalsInDatabase) * MOD_ZIP_FILE_NANOS
              + literalsInDatabase * MOD_ZIP_LITERAL_NANOS
          : (double) files * remote.latency().toNanos()
              + bytes * MOD_ZIP_REMOTE_BYTE_NANOS
              + (isSignedPerEntry ? lateNanos() : 0);
    }

    /**
     * Returns the time for which mod_zip waits for Lading, if the locations are not in the
     * manifest.
     */
    private double lateNanos() {
      return (files - unknownFiles) * MOD_ZIP_LOCATION_NANOS + unknownFiles * MOD_ZIP_CONTENT_NANOS;
    }

    /** Returns the time in which mod_zip computes CRC-32s. */
    double checksumNanos() {
      return unknownBytes * MOD_ZIP_CHECKSUM_NANOS;
    }

    /** Returns the time that Lading takes; the first object of a store costs a whole round trip. */
    double embeddedNanos() {
      double sending = bytes * EMBEDDED_BYTE_NANOS;
      return remote == null
          ? files * EMBEDDED_FILE_NANOS + sending
          : files * EMBEDDED_OBJECT_NANOS
              + Math.max(1, waits) * remote.latency().toNanos()
              + bytes * EMBEDDED_REMOTE_BYTE_NANOS
              + sending;
    }
  }

  /** Makes a predictor that takes the latencies of remote roots from these. */
  public AssemblyPredictor(Roots roots) {
    this.roots = roots;
  }

  /** Adds the next entry of the archive. */
  public void add(Entry entry) {
    if (!entry.isDirectory()) {
      kind(entry.source()).add(entry);
    }
  }

  private Kind kind(Entry.@Nullable Source source) {
    String root = source == null ? "" : source.root();
    Kind kind = lastKind;
    if (kind == null || !root.equals(lastRoot)) {
      kind = kinds.computeIfAbsent(root, this::newKind);
      lastKind = kind;
      lastRoot = root;
    }
    return kind;
  }

  private Kind newKind(String name) {
    Root root = roots.find(name);
    return new Kind(root != null && root.isRemote() ? root : null);
  }

  /** Returns the prediction for an archive of the entries so far. */
  public AssemblyPrediction prediction() {
    double modZip = BASE_NANOS;
    double embedded = BASE_NANOS;
    BurdenFinder burden = new BurdenFinder();
    long files = kinds.values().stream().mapToLong(kind -> kind.files).sum();
    long bytes = kinds.values().stream().mapToLong(kind -> kind.bytes).sum();
    for (Kind kind : kinds.values()) {
      double fetching =
          kind.fetchingNanos(kind.remote != null && kind.remote.isSignedPerEntry(files, bytes));
      modZip += fetching + kind.checksumNanos() + kind.bytes * MOD_ZIP_BYTE_NANOS;
      embedded += kind.embeddedNanos();
      burden.add(kind, fetching);
    }
    return new AssemblyPrediction(millis(modZip), millis(embedded), burden.found());
  }

  private static long millis(double nanos) {
    return Math.round(nanos / 1e6);
  }

  /** Finds out what takes mod_zip most of the time in which it sends no bytes. */
  private static final class BurdenFinder {
    private double checksumNanos;
    private long unknownFiles;
    private double remoteNanos;
    private long remoteRoots;
    private long remoteFiles;
    private long remoteBytes;
    private double nearNanos;
    private long nearFiles;
    private long nearBytes;

    void add(Kind kind, double fetching) {
      checksumNanos += kind.checksumNanos();
      unknownFiles += kind.unknownFiles;
      if (kind.remote != null) {
        remoteNanos += fetching;
        remoteRoots++;
        remoteFiles += kind.files;
        remoteBytes += kind.bytes;
      } else {
        nearNanos += fetching;
        nearFiles += kind.files;
        nearBytes += kind.bytes;
      }
    }

    Burden found() {
      if (checksumNanos > Math.max(remoteNanos, nearNanos)) {
        return new Burden(Burden.Kind.UNKNOWN_FILES, unknownFiles, 0);
      }
      if (remoteNanos > nearNanos) {
        boolean isSmall = remoteBytes / remoteFiles <= SMALL;
        return new Burden(
            isSmall ? Burden.Kind.SMALL_OBJECTS : Burden.Kind.OBJECTS, remoteFiles, remoteRoots);
      }
      if (nearFiles == 0) {
        return Burden.NONE;
      }
      boolean isSmall = nearBytes / nearFiles <= SMALL;
      return new Burden(isSmall ? Burden.Kind.SMALL_FILES : Burden.Kind.FILES, nearFiles, 0);
    }
  }
}
