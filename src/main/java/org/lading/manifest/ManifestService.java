package org.lading.manifest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.Target.LiteralTarget;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.root.Roots;

/** Turns targets into entries, and tells later whether the entries still hold. */
public final class ManifestService {
  /** What tells a literal from a file: no root's name is empty. */
  private static final String LITERAL = "/";

  /** So many files are looked for together: some megabytes of paths and items. */
  private static final int MOST_TOGETHER = 10_000;

  private final Roots roots;
  private final StoredFiles storedFiles;
  private final EntryLimits limits;
  private final boolean emptyDirectories;
  private final ChecksumSources checksums;
  private final Clock clock;

  /**
   * A service over the given roots.
   *
   * @param emptyDirectories whether empty directories become directory entries
   * @param checksums finds what is known of the entries' checksums
   * @param clock gives literals their modification time
   */
  public ManifestService(
      Roots roots,
      StoredFiles storedFiles,
      EntryLimits limits,
      boolean emptyDirectories,
      ChecksumSources checksums,
      Clock clock) {
    this.roots = roots;
    this.storedFiles = storedFiles;
    this.limits = limits;
    this.emptyDirectories = emptyDirectories;
    this.checksums = checksums;
    this.clock = clock;
  }

  /**
   * Hands the entries of a request to the sink in the order of its targets, as they are found.
   * Links and literals are written on the way; on a failure the caller removes them, with {@link
   * StoredFiles#delete}.
   *
   * @param attempt sets its links and literals apart from those of other attempts at the same id
   * @throws LadingException with the target's index and path where one is at fault; {@code EMPTY}
   *     if nothing came of the targets
   */
  public void make(String id, int attempt, ManifestRequest request, Consumer<Entry> sink) {
    ManifestBuilder making = new ManifestBuilder(storedFiles.batch(id, attempt), request, sink);
    making.addAll(request.targets());
    making.sink.finish();
    if (making.entries == 0) {
      throw new LadingException(ErrorCode.EMPTY, "The targets leave nothing to put in an archive");
    }
  }

  /**
   * Throws {@code CHANGED}, naming the file, if a source has another size or time than its entry.
   */
  public void requireUnchanged(Iterator<Entry> entries) {
    try (EntryChangeCheck checks = new EntryChangeCheck(roots)) {
      while (entries.hasNext()) {
        Entry entry = entries.next();
        if (!checks.isUnchanged(entry)) {
          throw LadingException.changed("The file", entry.name(), null);
        }
      }
    }
  }

  /**
   * Whether {@link #requireUnchanged} can find a change in entries that all lie in these roots; if
   * not, they need not be read for it.
   */
  public boolean canTellChanges(Collection<String> rootNames) {
    for (String name : rootNames) {
      Root root = roots.find(name);
      if (root == null || !root.isRemote()) {
        return true;
      }
    }
    return false;
  }

  /** The making of one list of entries. */
  private final class ManifestBuilder {
    private final String top;
    private final ChecksumFinder sink;
    private final StoredFiles.Batch stored;
    private final NameRegistry names = new NameRegistry();
    private long entries;
    private long bytes;

    ManifestBuilder(StoredFiles.Batch stored, ManifestRequest request, Consumer<Entry> sink) {
      String zipName = request.zipName();
      this.top = zipName == null ? "" : zipName;
      this.sink = checksums.finder(sink);
      this.stored = stored;
    }

    /** Files of a remote root that follow one another are looked for together. */
    void addAll(Iterable<Target> targets) {
      List<FileTarget> together = new ArrayList<>();
      for (Target target : targets) {
        boolean isFar = target instanceof FileTarget file && isRemote(file.root());
        if (!together.isEmpty() && !(isFar && fits(together, (FileTarget) target))) {
          addFiles(together);
          together = new ArrayList<>();
        }
        if (isFar) {
          together.add((FileTarget) target);
        } else {
          add(target);
        }
      }
      addFiles(together);
    }

    private boolean isRemote(String rootName) {
      Root root = roots.find(rootName);
      return root != null && root.isRemote();
    }

    private static boolean fits(List<FileTarget> together, FileTarget next) {
      return together.size() < MOST_TOGETHER && together.get(0).root().equals(next.root());
    }

    private void addFiles(List<FileTarget> targets) {
      if (targets.isEmpty()) {
        return;
      }
      Root root = roots.get(targets.get(0).root());
      Iterator<FileTarget> next = targets.iterator();
      FileTarget[] at = {next.next()};
      try {
        root.files(
            targets.stream().map(FileTarget::path).toList(),
            item -> {
              addFile(at[0], root, item);
              at[0] = next.hasNext() ? next.next() : at[0];
            });
      } catch (LadingException e) {
        throw e.at(at[0].index(), at[0].place());
      }
    }

    private void add(Target target) {
      try {
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

    private void addFile(FileTarget target, Root root, Item item) {
      String given = target.name();
      String name =
          given == null
              ? ArchiveNames.requireSafe(item.name())
              : ArchiveNames.requirePortable("name", given);
      addItem(root, item, ArchiveNames.join(givenDirectory(target), name));
    }

    private void addDirectory(DirectoryTarget target) {
      Root root = roots.get(target.root());
      String directory = directoryInArchive(root, target);
      long[] found = {0};
      root.list(
          target.path(),
          target.recursive(),
          item -> {
            found[0]++;
            String name = ArchiveNames.requireSafe(item.name());
            addItem(root, item, ArchiveNames.join(directory, name));
          });
      if (found[0] == 0 && !directory.isEmpty()) {
        addDirectoryEntry(directory, clock.instant());
      }
    }

    private String directoryInArchive(Root root, DirectoryTarget target) {
      if (target.zipPath() != null) {
        return givenDirectory(target);
      }
      String own = root.directoryName(target.path());
      return ArchiveNames.join(top, own.isEmpty() ? own : ArchiveNames.requireSafe(own));
    }

    private void addLiteral(LiteralTarget target) {
      String name =
          ArchiveNames.join(
              givenDirectory(target), ArchiveNames.requirePortable("name", target.name()));
      ArchiveNames.requireWritable(name);
      String claimed = names.claimFile(name, LITERAL + target.content());
      if (claimed == null) {
        return;
      }
      byte[] content = target.content().getBytes(StandardCharsets.UTF_8);
      CRC32 crc = new CRC32();
      crc.update(content);
      count(content.length);
      sink.accept(
          new Entry(
              Entry.Kind.FILE,
              claimed,
              content.length,
              crc.getValue(),
              clock.instant(),
              null,
              stored.literal(content)));
    }

    private void addItem(Root root, Item item, String name) {
      if (item.kind() == Item.Kind.EMPTY_DIRECTORY) {
        addDirectoryEntry(name, item.modified());
        return;
      }
      ArchiveNames.requireWritable(name);
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
              linkTarget == null ? null : stored.link(linkTarget)),
          root,
          item);
    }

    private void addDirectoryEntry(String name, Instant modified) {
      ArchiveNames.requireWritable(name);
      if (emptyDirectories && names.claimDirectory(name)) {
        count(0);
        sink.accept(new Entry(Entry.Kind.DIRECTORY, name, 0, 0, modified, null, null));
      }
    }

    private String givenDirectory(Target target) {
      String given = target.zipPath();
      return given == null
          ? top
          : ArchiveNames.join(top, ArchiveNames.requirePortablePath("zip_path", given));
    }

    private void count(long size) {
      entries++;
      bytes += size;
      if (entries > limits.entries()) {
        throw tooLarge("more than " + limits.entries() + " entries");
      }
      if (bytes > limits.bytes() || bytes < 0) {
        throw tooLarge("more than " + limits.bytes() + " bytes");
      }
    }

    private LadingException tooLarge(String what) {
      return new LadingException(ErrorCode.TOO_LARGE, "The download would have " + what);
    }
  }
}
