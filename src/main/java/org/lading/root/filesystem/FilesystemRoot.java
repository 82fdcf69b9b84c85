package org.lading.root.filesystem;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.ChangeCheck;
import org.lading.root.Item;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationWriter;
import org.lading.root.PercentEncoding;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.root.filesystem.PathResolver.ReadableFile;

/**
 * A directory of the file system as a root.
 *
 * <p>Its keys are paths below the root with {@code %} as {@code %25} and each byte that is not
 * UTF-8 as {@code %XX}. Modification times are whole milliseconds.
 */
public final class FilesystemRoot implements Root {
  private static final String DIRECT_PREFIX = "/internal/roots/";

  private final FilesystemRootSettings settings;
  private final Disk disk;

  /** A root of these settings; nothing is read until it is asked. */
  public FilesystemRoot(FilesystemRootSettings settings) {
    this(settings, new Disk());
  }

  FilesystemRoot(FilesystemRootSettings settings, Disk disk) {
    this.settings = settings;
    this.disk = disk;
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
    ReadableFile found = boundary().readable(wanted);
    return new Item(
        Item.Kind.FILE,
        wanted.lastName(),
        wanted.key(),
        found.attributes().size(),
        Disk.modified(found.attributes()),
        null,
        Item.UNKNOWN_CRC32,
        settings.serve() == Serve.LINKS ? found.path() : null);
  }

  @Override
  public void list(String requested, boolean recursive, Consumer<Item> sink) {
    RelativePath start = RelativePath.ofRequest(requested);
    new DirectoryWalk(boundary(), disk, start, recursive, settings.serve() == Serve.LINKS, sink)
        .run();
  }

  @Override
  public String directoryName(String requested) {
    return RelativePath.ofRequest(requested).shown();
  }

  /** Both encodings are the same here: an alias of nginx decodes once, and nothing else does. */
  @Override
  public LocationWriter locations(LocationEncoding encoding) {
    if (settings.serve() == Serve.LINKS) {
      throw new IllegalStateException(
          "the items of root " + settings.name() + " are served through links");
    }
    ByteBuilder exact = new ByteBuilder(1024);
    return (key, line) -> {
      exact.truncate(0);
      exact.append(RelativePath.ofKey(key).bytes());
      line.append(DIRECT_PREFIX).append(settings.name()).append('/');
      PercentEncoding.appendPath(exact, 0, line);
    };
  }

  @Override
  public ChangeCheck changeCheck() {
    return new FileChangeCheck(boundary(), disk);
  }

  @Override
  public InputStream open(Item item, long from, long to) throws IOException {
    return new VerifiedFileInputStream(
        () -> sight(item), () -> changed(item, null), item.size(), from, to);
  }

  @Override
  public byte[][] read(List<Item> items) throws IOException {
    return new SmallFileReader(boundary(), this::readSingly).read(items);
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

  private PathResolver boundary() {
    return PathResolver.of(disk, settings.name(), settings.path(), settings.followSymlinks());
  }

  /** Where the item's file is now; {@code CHANGED} if it is not as the item has it. */
  private VerifiedFileInputStream.FileIdentity sight(Item item) {
    ReadableFile now;
    try {
      now = boundary().readable(RelativePath.ofKey(item.key()));
    } catch (LadingException e) {
      throw e.code() == ErrorCode.MISSING_OR_INVALID_TARGET ? changed(item, e) : e;
    }
    if (!Disk.isSame(now.attributes(), item.size(), item.modified())) {
      throw changed(item, null);
    }
    return new VerifiedFileInputStream.FileIdentity(now.path(), now.attributes().fileKey());
  }

  private static LadingException changed(Item item, @Nullable LadingException cause) {
    return LadingException.changed("The file", item.name(), cause);
  }
}
