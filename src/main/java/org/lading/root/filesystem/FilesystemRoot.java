package org.lading.root.filesystem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.ChangeCheck;
import org.lading.root.DirectoryPage;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationWriter;
import org.lading.root.Root;
import org.lading.root.Undeliverable;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.root.filesystem.PathResolver.Place;

/**
 * A directory of the file system as a root.
 *
 * <p>Its keys are paths below the root, with {@code %} as {@code %25} and each byte that is not
 * valid UTF-8 as {@code %XX}. Modification times are whole milliseconds. Where nginx reads files by
 * their paths ({@link Serve#DIRECT}), the key of what was found through a link inside the root is
 * its real path, so that nginx need follow no link.
 */
public final class FilesystemRoot implements Root {
  private final FilesystemRootSettings settings;
  private final FileSystemCalls fileSystem;

  /** Makes a root; reads nothing until the first call of a method. */
  public FilesystemRoot(FilesystemRootSettings settings) {
    this(settings, new FileSystemCalls());
  }

  /**
   * Loads the native library with which roots are read, if that was not done before.
   *
   * @param directory where its file is for a moment; made for it, and removed
   */
  public static void loadLibrary(Path directory) {
    LinuxCallsLoader.load(directory);
  }

  FilesystemRoot(FilesystemRootSettings settings, FileSystemCalls fileSystem) {
    this.settings = settings;
    this.fileSystem = fileSystem;
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public Item file(String requested) {
    RelativePath wanted = RelativePath.ofRequest(requested);
    if (wanted.isDirectoryForm()) {
      throw FilesystemErrors.notAFile(requested);
    }
    try (PathResolver resolver = resolver();
        Place file = resolver.readableFile(wanted)) {
      boolean linked = settings.serve() == Serve.LINKS;
      String realKey = linked ? null : resolver.key(file.path());
      FileStatus status = checked(resolver, file, wanted);
      return new Item(
          Item.Kind.FILE,
          wanted.lastName(),
          realKey == null ? wanted.key() : realKey,
          status.size(),
          status.modified(),
          null,
          Item.UNKNOWN_CRC32,
          linked ? file.path() : null);
    }
  }

  /** Makes sure that a file that says that it is empty is so; returns its attributes. */
  private FileStatus checked(PathResolver resolver, Place file, RelativePath path) {
    try {
      return fileSystem.checked(file.parent(), file.name(), file.status(), path::display);
    } catch (IOException e) {
      throw resolver.failure(path.display(), e);
    }
  }

  @Override
  public void list(String requested, boolean recursive, ItemSink sink) {
    RelativePath start = RelativePath.ofRequest(requested);
    boolean linked = settings.serve() == Serve.LINKS;
    try (PathResolver resolver = resolver()) {
      new DirectoryWalk(resolver, fileSystem, start, recursive, linked, sink).run();
    }
  }

  @Override
  public DirectoryPage page(String requested, String cursor, int max) {
    try (PathResolver resolver = resolver()) {
      return new DirectoryPager(resolver, fileSystem, RelativePath.ofRequest(requested), max)
          .page(cursor);
    }
  }

  @Override
  public @Nullable String originalName(Item item) {
    return item.name().indexOf('%') < 0
        ? null
        : FileNameConverter.original(item.key(), item.name());
  }

  @Override
  public Undeliverable undeliverable() {
    return settings.undeliverable();
  }

  @Override
  public String directoryName(String requested) {
    return RelativePath.ofRequest(requested).display();
  }

  /** Returns the same writer for all encodings: only nginx decodes these locations, and once. */
  @Override
  public LocationWriter locations(LocationEncoding encoding) {
    if (settings.serve() == Serve.LINKS) {
      throw new IllegalStateException(
          "the items of root " + settings.name() + " are served through links");
    }
    return new DirectLocations(settings.name());
  }

  @Override
  public ChangeCheck changeCheck() {
    return new FileChangeCheck(resolver(), fileSystem);
  }

  @Override
  public InputStream open(Item item, long from, long to) throws IOException {
    try (PathResolver resolver = resolver();
        Place file = unchanged(resolver, item)) {
      FileChannel channel = openFile(file, item);
      try {
        VerifiedFileInputStream stream =
            new VerifiedFileInputStream(
                channel, () -> isStill(file.status(), item), item, from, to);
        if (!isStill(file.status(), resolver, item)) {
          throw changed(item, null);
        }
        return stream;
      } catch (RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }

  private FileChannel openFile(Place file, Item item) throws IOException {
    try {
      return file.openFile();
    } catch (IOException e) {
      if (!isStill(file.status(), item)) {
        throw changed(item, null);
      }
      throw e;
    }
  }

  @Override
  public byte[][] read(List<Item> items) throws IOException {
    try (PathResolver resolver = resolver()) {
      return new SmallFileReader(resolver, this::readAlone).read(items);
    }
  }

  private byte[] readAlone(Item item) throws IOException {
    try (InputStream in = open(item, 0)) {
      return in.readAllBytes();
    }
  }

  /** Returns {@link Item#UNKNOWN_CRC32}: a file system keeps no checksums. */
  @Override
  public long crc32(Item item) {
    return Item.UNKNOWN_CRC32;
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public void check() {
    try (PathResolver resolver = resolver()) {
      resolver.check();
    }
  }

  /** Does nothing: only the streams that it opened hold anything, and their callers close them. */
  @Override
  public void close() {}

  private PathResolver resolver() {
    return PathResolver.of(fileSystem, settings.name(), settings.path(), settings.followSymlinks());
  }

  /** Finds the item's file; fails with {@code CHANGED} if it is not as the item says. */
  private static Place unchanged(PathResolver resolver, Item item) {
    Place now;
    try {
      now = resolver.readableFile(RelativePath.ofKey(item.key()));
    } catch (LadingException e) {
      throw e.code() == ErrorCode.MISSING_OR_INVALID_TARGET ? changed(item, e) : e;
    }
    if (!now.status().isUnchanged(item.size(), item.modified())) {
      now.close();
      throw changed(item, null);
    }
    return now;
  }

  /** Tells whether the item's path still leads to the file that was opened, unchanged. */
  private boolean isStill(FileStatus opened, Item item) {
    try (PathResolver resolver = resolver()) {
      return isStill(opened, resolver, item);
    }
  }

  private static boolean isStill(FileStatus opened, PathResolver resolver, Item item) {
    try (Place now = unchanged(resolver, item)) {
      return now.status().isOfSameContent(opened);
    }
  }

  private static LadingException changed(Item item, @Nullable LadingException cause) {
    return LadingException.changed("The file", item.name(), cause);
  }
}
