package org.lading.manifest;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.Target.LiteralTarget;
import org.lading.manifest.Target.PathTarget;
import org.lading.manifest.names.ArchiveNameRules;
import org.lading.manifest.names.NamePolicy;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.Root;
import org.lading.root.Roots;
import org.lading.root.Undeliverable;

/** Turns the targets of one request into entries, within the limits of the settings. */
final class ManifestBuilder {
  /** The maximum number of files that are looked up together: some megabytes of paths and items. */
  private static final int MAX_FILES_TOGETHER = 10_000;

  /** The maximum length of their paths and names together, in chars. */
  private static final int MAX_CHARS_TOGETHER = 1 << 20;

  private final Roots roots;
  private final String topDirectory;
  private final EntryMaker made;
  private final NamePolicy names;
  private final ManifestObserver observer;
  private final IntConsumer steps;
  private final Clock clock;
  private final OmittedContent omitted = new OmittedContent();

  /** The target whose entries are being added. */
  private @Nullable Target current;

  private int pendingChars;

  /**
   * Makes a builder for one request.
   *
   * @param made takes what is found
   * @param observer is told what is found beside the entries
   * @param steps takes the number of steps since its last call
   * @param clock gives directories without anything in them their time
   */
  ManifestBuilder(
      Roots roots,
      ManifestRequest request,
      EntryMaker made,
      ManifestObserver observer,
      IntConsumer steps,
      Clock clock) {
    String directory = request.topDirectory();
    this.roots = roots;
    this.names = made.policy();
    this.topDirectory = directory.isEmpty() ? directory : names.part(directory);
    this.made = made;
    this.observer = observer;
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
      made.addText(
          ArchiveNameRules.join(topDirectory, OmittedContent.NAME),
          LiteralContent.of(omitted.text()));
    }
  }

  /** Returns what was found beside the entries. */
  ManifestFindings findings() {
    return new ManifestFindings(omitted.count(), made.renamed());
  }

  /** Returns whether no entry was added. */
  boolean isEmpty() {
    return made.isEmpty();
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
    List<FileTarget> left = targets;
    while (!left.isEmpty()) {
      List<FileTarget> looked = left;
      Root root = roots.get(looked.get(0).root());
      int[] added = {0};
      try {
        root.files(
            looked.stream().map(FileTarget::path).toList(),
            counting(
                root,
                item -> {
                  addFile(looked.get(added[0]), root, item);
                  added[0]++;
                }));
        return;
      } catch (LadingException e) {
        int at = Math.min(added[0], looked.size() - 1);
        FileTarget faulty = looked.get(at);
        observer.fault(e.at(faulty.index(), faulty.place()));
        left = looked.subList(at + 1, looked.size());
      }
    }
  }

  private void add(Target target) {
    begin(target);
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
      observer.fault(e.at(target.index(), target.place()));
    }
  }

  private void begin(Target target) {
    current = target;
    made.beginTarget(target.index());
  }

  private ItemSink counting(Root root, Consumer<Item> items) {
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
        refuseOrOmit(root, why);
      }
    };
  }

  /**
   * Leaves something in a directory out, if the target or else its root says so, or has the
   * observer take a fault.
   */
  private void refuseOrOmit(Root root, LadingException why) {
    Target target = current;
    Boolean omits = target instanceof DirectoryTarget directory ? directory.omits() : null;
    if (omits == null ? root.undeliverable() == Undeliverable.OMIT : omits) {
      omitted.add(why);
      observer.omitted(why);
    } else {
      observer.fault(target == null ? why : why.at(target.index(), target.place()));
    }
  }

  private void addFile(FileTarget target, Root root, Item item) {
    begin(target);
    String newName = target.name();
    String name = names.part(newName == null ? item.name() : newName);
    made.addItem(root, item, ArchiveNameRules.join(zipDirectory(target), name));
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
      made.addDirectory(directory, clock.instant());
    }
  }

  private void addListedItem(Root root, Item item, String directory) {
    try {
      String name = names.part(item.name());
      made.addItem(root, item, ArchiveNameRules.join(directory, name));
    } catch (LadingException e) {
      if (e.code() != ErrorCode.INVALID_NAME) {
        throw e;
      }
      refuseOrOmit(root, e);
    }
  }

  private void addAnything(PathTarget target) {
    Root root = roots.get(target.root());
    boolean isEmpty =
        new PathSearch(root, target.path())
            .run(
                item -> made.addItem(root, item, names.part(item.name())),
                counting(root, item -> addListedItem(root, item, topDirectory)));
    if (isEmpty && !topDirectory.isEmpty()) {
      made.addDirectory(topDirectory, clock.instant());
    }
  }

  private void addLiteral(LiteralTarget target) {
    String name = names.part(target.name());
    made.addText(ArchiveNameRules.join(zipDirectory(target), name), target.content());
  }

  /** Returns the directory inside the archive that a target names, or else the top directory. */
  private String zipDirectory(Target target) {
    String zipPath = target.zipPath();
    return zipPath == null || zipPath.isEmpty()
        ? topDirectory
        : ArchiveNameRules.join(topDirectory, names.part(zipPath));
  }

  /** Returns the directory inside the archive that a target names, or else its own path there. */
  private String zipDirectory(Root root, DirectoryTarget target) {
    if (target.zipPath() != null) {
      return zipDirectory(target);
    }
    String path = root.directoryName(target.path());
    return ArchiveNameRules.join(topDirectory, path.isEmpty() ? path : names.part(path));
  }
}
