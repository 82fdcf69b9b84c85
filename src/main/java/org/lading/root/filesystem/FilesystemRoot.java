package org.lading.root.filesystem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.ByteBuilder;
import org.lading.root.ChangeCheck;
import org.lading.root.Item;
import org.lading.root.LocationEncoding;
import org.lading.root.Locations;
import org.lading.root.PercentEncoding;
import org.lading.root.Root;
import org.lading.root.filesystem.Boundary.ReadableFile;

/**
 * A directory of the file system as a root.
 *
 * <p>Its keys are paths below the root with {@code %} as {@code %25} and each byte that is not
 * UTF-8 as {@code %XX}. Modification times are whole milliseconds.
 */
public final class FilesystemRoot implements Root {
  private static final String DIRECT_PREFIX = "/internal/roots/";

  private final String name;
  private final Path path;
  private final boolean followSymlinks;
  private final Serve serve;
  private final Disk disk;

  /** How nginx gets at the files. */
  public enum Serve {
    /** Through a link in the storage directory for every entry. */
    LINKS,
    /** Through an alias for the root at {@code /internal/roots/<name>/}. */
    DIRECT
  }

  /**
   * A root of that configured name; nothing is read until it is asked.
   *
   * @param path the directory, or a link to it
   * @param followSymlinks whether links inside may lead out of it
   */
  public FilesystemRoot(String name, Path path, boolean followSymlinks, Serve serve) {
    this(name, path, followSymlinks, serve, new Disk());
  }

  FilesystemRoot(String name, Path path, boolean followSymlinks, Serve serve, Disk disk) {
    this.name = name;
    this.path = path;
    this.followSymlinks = followSymlinks;
    this.serve = serve;
    this.disk = disk;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Item file(String requested) {
    RelativePath wanted = RelativePath.ofRequest(requested);
    if (wanted.isDirectoryForm()) {
      throw Refusal.notAFile(requested);
    }
    ReadableFile found = boundary().readable(wanted);
    return new Item(
        Item.Kind.FILE,
        wanted.lastName(),
        wanted.key(),
        found.attributes().size(),
        Disk.modified(found.attributes()),
        null,
        Item.UNKNOWN_CRC32,
        serve == Serve.LINKS ? found.path() : null);
  }

  @Override
  public void list(String requested, boolean recursive, Consumer<Item> sink) {
    RelativePath start = RelativePath.ofRequest(requested);
    new Listing(boundary(), disk, start, recursive, serve == Serve.LINKS, sink).run();
  }

  @Override
  public String directoryName(String requested) {
    return RelativePath.ofRequest(requested).shown();
  }

  /** Both encodings are the same here: an alias of nginx decodes once, and nothing else does. */
  @Override
  public Locations locations(LocationEncoding encoding) {
    if (serve == Serve.LINKS) {
      throw new IllegalStateException("the items of root " + name + " are served through links");
    }
    ByteBuilder exact = new ByteBuilder(1024);
    return (key, line) -> {
      exact.truncate(0);
      exact.append(RelativePath.ofKey(key).bytes());
      line.append(DIRECT_PREFIX).append(name).append('/');
      PercentEncoding.appendPath(exact, 0, line);
    };
  }

  @Override
  public ChangeCheck changeCheck() {
    return new UnchangedFiles(boundary(), disk);
  }

  @Override
  public InputStream open(Item item, long from, long to) throws IOException {
    return new UnchangedFileStream(
        () -> sight(item), () -> changed(item, null), item.size(), from, to);
  }

  @Override
  public byte[][] read(List<Item> items) throws IOException {
    return new WholeFiles(boundary(), this::readSingly).read(items);
  }

  private byte[] readSingly(Item item) throws IOException {
    try (InputStream in = open(item, 0)) {
      return in.readAllBytes();
    }
  }

  /** Always unknown: a file system keeps none. */
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
    boundary().check();
  }

  /** Holds nothing open between calls but the streams that were opened. */
  @Override
  public void close() {}

  private Boundary boundary() {
    return Boundary.of(disk, name, path, followSymlinks);
  }

  /** Where the item's file is now; {@code CHANGED} if it is not as the item has it. */
  private UnchangedFileStream.Sight sight(Item item) {
    ReadableFile now;
    try {
      now = boundary().readable(RelativePath.ofKey(item.key()));
    } catch (LadingException e) {
      throw e.code() == ErrorCode.MISSING_OR_INVALID_TARGET ? changed(item, e) : e;
    }
    if (!Disk.isSame(now.attributes(), item.size(), item.modified())) {
      throw changed(item, null);
    }
    return new UnchangedFileStream.Sight(now.path(), now.attributes().fileKey());
  }

  private static LadingException changed(Item item, @Nullable LadingException cause) {
    return LadingException.changed("The file", item.name(), cause);
  }
}
