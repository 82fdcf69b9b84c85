package org.lading.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.lading.base.Digests;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.names.NamePolicy;
import org.lading.manifest.names.NameRegistry;
import org.lading.root.Item;
import org.lading.root.Root;

/**
 * Makes the entries of one archive: gives each a name of its own and the file or link that it needs
 * in the storage, and counts them.
 */
final class EntryMaker {
  /**
   * The beginning of a literal's source; no file's source begins with it, since no root's name is
   * empty.
   */
  private static final String LITERAL_PREFIX = "/";

  private final ManifestSettings settings;
  private final ContentWriter contents;
  private final ChecksumFinder sink;
  private final ManifestObserver observer;
  private final Clock clock;
  private final NameRegistry names;
  private final Renamings.Collector renamed = new Renamings.Collector();
  private int target;
  private long entries;
  private long bytes;

  /**
   * Makes a maker of the entries of one request.
   *
   * @param contents writes the request's links and literals
   * @param sink takes the entries in order
   * @param observer is told the names of the archive
   * @param clock gives literals their modification time
   */
  EntryMaker(
      ManifestSettings settings,
      ContentWriter contents,
      ChecksumFinder sink,
      ManifestObserver observer,
      Clock clock) {
    this.settings = settings;
    this.names = new NameRegistry(settings.names());
    this.contents = contents;
    this.sink = sink;
    this.observer = observer;
    this.clock = clock;
  }

  /** Says which target the following entries are made of, by its index. */
  void beginTarget(int index) {
    target = index;
  }

  /** Returns whether no entry was added. */
  boolean isEmpty() {
    return entries == 0;
  }

  /** Returns the names that are not those of the request or the sources. */
  Renamings renamed() {
    return renamed.renamings();
  }

  /** Returns what happens to names that some system could not unpack. */
  NamePolicy policy() {
    return settings.names();
  }

  /** Adds a file with a text of the request. */
  void addText(String wanted, LiteralContent content) {
    String name = settings.names().inArchive(wanted);
    CRC32 crc = new CRC32();
    MessageDigest sha256 = Digests.sha256();
    // Whole seconds, which every file system keeps: nginx is told the time of the file.
    Instant modified = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String stored =
        contents.writeLiteral(
            out ->
                content.writeTo(new CheckedOutputStream(new DigestOutputStream(out, sha256), crc)),
            modified);
    String source = LITERAL_PREFIX + HexFormat.of().formatHex(sha256.digest());
    String claimed = names.claimFile(name, source);
    if (claimed == null) {
      contents.removeLast(stored);
      return;
    }
    named(wanted, name, claimed);
    long length = lengthOf(content);
    count(length);
    sink.accept(
        new Entry(Entry.Kind.FILE, claimed, length, crc.getValue(), modified, null, stored));
  }

  private static long lengthOf(LiteralContent content) {
    try {
      return content.length();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a file, or an empty directory, of a root. */
  void addItem(Root root, Item item, String wanted) {
    if (item.kind() == Item.Kind.EMPTY_DIRECTORY) {
      addDirectory(wanted, item.modified());
      return;
    }
    String name = settings.names().inArchive(wanted);
    String claimed = names.claimFile(name, root.name() + '/' + item.key());
    if (claimed == null) {
      return;
    }
    if (claimed.equals(wanted)) {
      noteOriginal(root, item, claimed);
    }
    named(wanted, name, claimed);
    count(item.size());
    Path linkTarget = item.linkTarget();
    sink.accept(
        new Entry(
            Entry.Kind.FILE,
            claimed,
            item.size(),
            Math.max(item.crc32(), Entry.UNKNOWN_CRC32),
            item.modified(),
            new Entry.Source(root.name(), item.key(), item.version()),
            linkTarget == null ? null : contents.writeLink(linkTarget)),
        root,
        item);
  }

  /** Adds a directory without anything in it, if the settings have such entries. */
  void addDirectory(String wanted, Instant modified) {
    String name = settings.names().inArchive(wanted);
    String claimed = settings.emptyDirectories() ? names.claimDirectory(name) : null;
    if (claimed != null) {
      named(wanted, name, claimed);
      count(0);
      sink.accept(new Entry(Entry.Kind.DIRECTORY, claimed, 0, 0, modified, null, null));
    }
  }

  private void noteOriginal(Root root, Item item, String name) {
    String original = root.originalName(item);
    // A name that the request made up has nothing of the source's.
    if (original != null && name.endsWith(item.name())) {
      String directory = name.substring(0, name.length() - item.name().length());
      rename(directory + original, name, Renaming.Reason.NOT_UTF8);
    }
  }

  private void named(String wanted, String name, String claimed) {
    if (!name.equals(wanted)) {
      rename(wanted, claimed, Renaming.Reason.NOT_PORTABLE);
    } else if (!claimed.equals(name)) {
      rename(name, claimed, Renaming.Reason.TAKEN);
    }
    observer.named(claimed);
  }

  private void rename(String from, String to, Renaming.Reason reason) {
    renamed.add(new Renaming(target, from, to, reason));
  }

  private void count(long size) {
    entries++;
    bytes += size;
    if (entries > settings.maxEntries()) {
      throw tooLarge("more than " + settings.maxEntries() + " entries");
    }
    if (bytes > settings.maxBytes() || bytes < 0) {
      throw tooLarge("more than " + settings.maxBytes() + " bytes");
    }
  }

  private static LadingException tooLarge(String what) {
    return new LadingException(ErrorCode.TOO_LARGE, "The download would have " + what);
  }
}
