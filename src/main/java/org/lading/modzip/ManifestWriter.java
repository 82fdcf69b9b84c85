package org.lading.modzip;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;
import org.lading.manifest.Entry;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationGuard;
import org.lading.root.LocationWriter;
import org.lading.root.Root;
import org.lading.root.Roots;

/**
 * Writes entries as the lines that mod_zip reads: {@code <crc32 or -> <size> <location> <name>} and
 * CRLF.
 */
public final class ManifestWriter {
  /** The response header by which mod_zip recognises a manifest. */
  public static final String HEADER = "X-Archive-Files";

  /** The value of {@link #HEADER}. */
  public static final String HEADER_VALUE = "zip";

  /** The request header by which nginx selects the {@link LocationEncoding}. */
  public static final String ENCODING_HEADER = "X-Archive-Locations";

  private static final String STORED_LOCATION = "/internal/";
  private static final int BUFFER_BYTES = 32 * 1024;

  private final Roots roots;
  private final LocationEncoding encoding;
  private final EntryBuffers buffers;
  private final EntryLocations.@Nullable Writer entries;
  private final boolean isComingBack;
  private final Map<String, LocationWriter> locations = new HashMap<>();
  private final Map<String, Boolean> signedLate = new HashMap<>();
  private final ByteBuilder lines = new ByteBuilder(BUFFER_BYTES + 4096);

  /**
   * Makes a writer for one response about entries none of which is a literal in the database; all
   * locations are signed when they are written, and each root's credentials are taken at its first
   * line.
   */
  public ManifestWriter(Roots roots, LocationEncoding encoding, EntryBuffers buffers) {
    this(roots, encoding, buffers, null, false);
  }

  private ManifestWriter(
      Roots roots,
      LocationEncoding encoding,
      EntryBuffers buffers,
      EntryLocations.@Nullable Writer entries,
      boolean isComingBack) {
    this.roots = roots;
    this.encoding = encoding;
    this.buffers = buffers;
    this.entries = entries;
    this.isComingBack = isComingBack;
  }

  /**
   * Makes a writer for one response whose locations are all signed when they are written, except
   * those of literals in the database, which lead to Lading.
   */
  public static ManifestWriter signing(
      Roots roots, LocationEncoding encoding, EntryBuffers buffers, EntryLocations.Writer entries) {
    return new ManifestWriter(roots, encoding, buffers, entries, false);
  }

  /** Makes a writer for one response to an nginx that also comes back for entries of stores. */
  public static ManifestWriter guarded(
      Roots roots, EntryBuffers buffers, EntryLocations.Writer entries) {
    return new ManifestWriter(roots, LocationEncoding.GUARDED, buffers, entries, true);
  }

  /** Returns the encoding for a value of {@link #ENCODING_HEADER}, or for null without one. */
  public static LocationEncoding encodingOf(@Nullable String header) {
    if (header == null) {
      return LocationEncoding.PLAIN;
    }
    return switch (header) {
      case "guarded" -> LocationEncoding.GUARDED;
      // Of a configuration that an older generator made.
      case "exact" -> LocationEncoding.EXACT;
      default -> LocationEncoding.PLAIN;
    };
  }

  /**
   * Writes the lines of all entries, with at most some 36 KB in memory; does not close the stream.
   */
  public void write(Iterator<Entry> all, OutputStream out) throws IOException {
    for (long number = 0; all.hasNext(); number++) {
      append(all.next(), number);
      if (lines.length() >= BUFFER_BYTES) {
        flush(out);
      }
    }
    flush(out);
  }

  private void flush(OutputStream out) throws IOException {
    lines.writeTo(out);
    lines.truncate(0);
  }

  /** Returns the location of one entry in its root, which it must have, signed now. */
  public String location(Entry entry, long number) {
    Entry.Source source = entry.source();
    if (source == null) {
      throw new IllegalStateException("an entry without a source: " + entry.name());
    }
    appendSigned(entry, source, number);
    String location = lines.toString();
    lines.truncate(0);
    return location;
  }

  private void append(Entry entry, long number) {
    requireOneField(entry.name());
    if (entry.isDirectory()) {
      lines.append("0 0 @directory ").append(entry.name()).append("/\r\n");
      return;
    }
    if (entry.hasCrc32()) {
      lines.appendHex(entry.crc32());
    } else {
      lines.append('-');
    }
    lines.append(' ').appendDecimal(entry.size()).append(' ');
    appendLocation(entry, number);
    lines.append(' ').append(entry.name()).append("\r\n");
  }

  private void appendLocation(Entry entry, long number) {
    String stored = entry.stored();
    Entry.Source source = entry.source();
    if (entry.isInDatabase()) {
      Objects.requireNonNull(entries, "a literal in the database").appendLocation(number, lines);
    } else if (stored != null) {
      if (encoding == LocationEncoding.GUARDED) {
        appendGuardOfFile(entry);
      }
      lines.append(STORED_LOCATION).append(stored);
    } else if (source == null) {
      throw new IllegalStateException("an entry without bytes: " + entry.name());
    } else if (entries != null && isComingBack && isSignedLate(entries, source.root())) {
      entries.appendLocation(number, lines);
    } else {
      appendSigned(entry, source, number);
    }
  }

  private void appendGuardOfFile(Entry entry) {
    buffers.append(entry.size(), lines);
    if (hasTimeOfItsFile(entry)) {
      LocationGuard.appendFile(entry.size(), entry.modified(), lines);
    }
  }

  private boolean isSignedLate(EntryLocations.Writer writer, String root) {
    return signedLate.computeIfAbsent(root, name -> writer.areSignedLate(roots.get(name)));
  }

  private void appendSigned(Entry entry, Entry.Source source, long number) {
    Root root = roots.get(source.root());
    LocationWriter writer =
        locations.computeIfAbsent(root.name(), name -> root.locations(encoding));
    if (encoding == LocationEncoding.GUARDED) {
      buffers.append(entry.size(), lines);
      writer.appendGuard(entry.size(), entry.modified(), source.version(), lines);
    }
    // nginx would redirect the request, and mod_zip then compute no CRC-32.
    if (entries != null && isComingBack && root.isRemote() && entry.hasCrc32()) {
      entries.appendFallback(number, lines);
    }
    writer.append(source.key(), lines);
  }

  /**
   * Tells whether the entry's time is that of the file which nginx reads for it. That of a literal
   * is so if it is a whole second: those of downloads that an older version made are not.
   */
  private static boolean hasTimeOfItsFile(Entry entry) {
    Instant modified = entry.modified();
    return entry.source() != null || modified.equals(modified.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Checks once more, as when the entry was made, that a name cannot add a manifest line. */
  private static void requireOneField(String name) {
    if (name.startsWith(" ")
        || name.indexOf('\n') >= 0
        || name.indexOf('\r') >= 0
        || name.indexOf('\0') >= 0) {
      throw new IllegalStateException("a name that a manifest line cannot hold");
    }
  }
}
