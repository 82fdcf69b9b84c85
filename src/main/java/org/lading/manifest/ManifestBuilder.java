package org.lading.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.lading.base.Digests;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.Target.LiteralTarget;
import org.lading.manifest.Target.PathTarget;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.Root;
import org.lading.root.Roots;
import org.lading.root.Undeliverable;

/** Turns the targets of one request into entries, within the limits of the settings. */
final class ManifestBuilder {
  /**
   * The beginning of a literal's source; no file's source begins with it, since no root's name is
   * empty.
   */
  private static final String LITERAL_PREFIX = "/";

  /** The maximum number of files that are looked up together: some megabytes of paths and items. */
  private static final int MAX_FILES_TOGETHER = 10_000;

  /** The maximum length of their paths and names together, in chars. */
  private static final int MAX_CHARS_TOGETHER = 1 << 20;

  private final Roots roots;
  private final ManifestSettings settings;
  private final String topDirectory;
  private final StoredFiles.AttemptWriter storedFiles;
  private final ChecksumFinder sink;
  private final IntConsumer steps;
  private final Clock clock;
  private final NameRegistry names = new NameRegistry();
  private final OmittedContent omitted = new OmittedContent();
  private int pendingChars;
  private long entries;
  private long bytes;

  /**
   * Makes a builder for one request.
   *
   * @param storedFiles writes the request's links and literals
   * @param sink takes the entries in order
   * @param steps takes the number of steps since its last call
   * @param clock gives literals their modification time
   */
  ManifestBuilder(
      Roots roots,
      ManifestSettings settings,
      ManifestRequest request,
      StoredFiles.AttemptWriter storedFiles,
      ChecksumFinder sink,
      IntConsumer steps,
      Clock clock) {
    String zipName = request.zipName();
    this.roots = roots;
    this.settings = settings;
    this.topDirectory = zipName == null ? "" : zipName;
    this.storedFiles = storedFiles;
    this.sink = sink;
    this.steps = steps;
    this.clock = clock;
  }

  /** Adds the entries of targets; successive files of one remote root are looked up together. */
  void addAll(Iterable<Target> targets) {
    List<FileTarget> pending = new ArrayList<>();
    for (Target target : targets) {
      boolean isRemoteFile = target instanceof FileTarget file && isRemote(file.root());
      if (!pending.isEmpty() && !(isRemoteFile && fits(pending, (FileTarget) target))) {
        addFiles(pending);
        pending = new ArrayList<>();
        pendingChars = 0;
      }
      if (isRemoteFile) {
        pending.add((FileTarget) target);
        pendingChars += chars((FileTarget) target);
      } else {
        add(target);
      }
    }
    addFiles(pending);
    if (omitted.count() > 0) {
      addText(
          ArchiveNameRules.join(topDirectory, OmittedContent.NAME),
          LiteralContent.of(omitted.text()));
    }
  }

  /** Returns the number of what was left out of directories because it cannot be delivered. */
  long omitted() {
    return omitted.count();
  }

  /** Returns whether no entry was added. */
  boolean isEmpty() {
    return entries == 0;
  }

  private boolean isRemote(String rootName) {
    Root root = roots.find(rootName);
    return root != null && root.isRemote();
  }

  private boolean fits(List<FileTarget> pending, FileTarget next) {
    return pending.size() < MAX_FILES_TOGETHER
        && pendingChars + chars(next) <= MAX_CHARS_TOGETHER
        && pending.get(0).root().equals(next.root());
  }

  private static int chars(FileTarget target) {
    String zipPath = target.zipPath();
    String name = target.name();
    return target.path().length()
        + (zipPath == null ? 0 : zipPath.length())
        + (name == null ? 0 : name.length());
  }

  private void addFiles(List<FileTarget> targets) {
    if (targets.isEmpty()) {
      return;
    }
    Root root = roots.get(targets.get(0).root());
    Iterator<FileTarget> rest = targets.iterator();
    FileTarget[] current = {rest.next()};
    try {
      root.files(
          targets.stream().map(FileTarget::path).toList(),
          counting(
              root,
              item -> {
                addFile(current[0], root, item);
                current[0] = rest.hasNext() ? rest.next() : current[0];
              }));
    } catch (LadingException e) {
      throw e.at(current[0].index(), current[0].place());
    }
  }

  private void add(Target target) {
    if (target instanceof PathTarget any) {
      steps.accept(1);
      addAnything(any);
      return;
    }
    try {
      steps.accept(1);
      if (target instanceof FileTarget file) {
        Root root = roots.get(file.root());
        addFile(file, root, root.file(file.path()));
      } else if (target instanceof DirectoryTarget directory) {
        addDirectory(directory);
      } else if (target instanceof LiteralTarget literal) {
        addLiteral(literal);
      }
    } catch (LadingException e) {
      throw e.at(target.index(), target.place());
    }
  }

  private ItemSink counting(Root root, Consumer<Item> items) {
    boolean omits = root.undeliverable() == Undeliverable.OMIT;
    return new ItemSink() {
      @Override
      public void accept(Item item) {
        items.accept(item);
      }

      @Override
      public void count(int count) {
        steps.accept(count);
      }

      @Override
      public void refuse(LadingException why) {
        if (!omits) {
          throw why;
        }
        omitted.add(why);
      }
    };
  }

  private void addFile(FileTarget target, Root root, Item item) {
    String newName = target.name();
    String name = newName == null ? ArchiveNameRules.requireSafe(item.name()) : newName;
    addItem(root, item, ArchiveNameRules.join(zipDirectory(target), name));
  }

  private void addDirectory(DirectoryTarget target) {
    Root root = roots.get(target.root());
    String directory = zipDirectory(root, target);
    long[] found = {0};
    root.list(
        target.path(),
        target.recursive(),
        counting(
            root,
            item -> {
              found[0]++;
              addListedItem(root, item, directory);
            }));
    if (found[0] == 0 && !directory.isEmpty()) {
      addDirectoryEntry(directory, clock.instant());
    }
  }

  private void addListedItem(Root root, Item item, String directory) {
    try {
      String name = ArchiveNameRules.requireSafe(item.name());
      addItem(root, item, ArchiveNameRules.join(directory, name));
    } catch (LadingException e) {
      if (e.code() != ErrorCode.INVALID_NAME || root.undeliverable() != Undeliverable.OMIT) {
        throw e;
      }
      omitted.add(e);
    }
  }

  private void addAnything(PathTarget target) {
    Root root = roots.get(target.root());
    boolean isEmpty =
        new PathSearch(root, target.path())
            .run(
                item -> addItem(root, item, ArchiveNameRules.requireSafe(item.name())),
                counting(root, item -> addListedItem(root, item, topDirectory)));
    if (isEmpty && !topDirectory.isEmpty()) {
      addDirectoryEntry(topDirectory, clock.instant());
    }
  }

  private void addLiteral(LiteralTarget target) {
    addText(ArchiveNameRules.join(zipDirectory(target), target.name()), target.content());
  }

  private void addText(String name, LiteralContent content) {
    ArchiveNameRules.requireWritable(name);
    CRC32 crc = new CRC32();
    MessageDigest sha256 = Digests.sha256();
    // Whole seconds, which every file system keeps: nginx is told the time of the file.
    Instant modified = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String stored =
        storedFiles.writeLiteral(
            out ->
                content.writeTo(new CheckedOutputStream(new DigestOutputStream(out, sha256), crc)),
            modified);
    String source = LITERAL_PREFIX + HexFormat.of().formatHex(sha256.digest());
    String claimed = names.claimFile(name, source);
    if (claimed == null) {
      storedFiles.removeLast(stored);
      return;
    }
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

  private void addItem(Root root, Item item, String name) {
    if (item.kind() == Item.Kind.EMPTY_DIRECTORY) {
      addDirectoryEntry(name, item.modified());
      return;
    }
    ArchiveNameRules.requireWritable(name);
    String claimed = names.claimFile(name, root.name() + '/' + item.key());
    if (claimed == null) {
      return;
    }
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
            linkTarget == null ? null : storedFiles.writeLink(linkTarget)),
        root,
        item);
  }

  private void addDirectoryEntry(String name, Instant modified) {
    ArchiveNameRules.requireWritable(name);
    String claimed = settings.emptyDirectories() ? names.claimDirectory(name) : null;
    if (claimed != null) {
      count(0);
      sink.accept(new Entry(Entry.Kind.DIRECTORY, claimed, 0, 0, modified, null, null));
    }
  }

  /** Returns the directory inside the archive that a target names, or else the top directory. */
  private String zipDirectory(Target target) {
    String zipPath = target.zipPath();
    return zipPath == null ? topDirectory : ArchiveNameRules.join(topDirectory, zipPath);
  }

  /** Returns the directory inside the archive that a target names, or else its own path there. */
  private String zipDirectory(Root root, DirectoryTarget target) {
    if (target.zipPath() != null) {
      return zipDirectory(target);
    }
    String path = root.directoryName(target.path());
    return ArchiveNameRules.join(
        topDirectory, path.isEmpty() ? path : ArchiveNameRules.requireSafe(path));
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
