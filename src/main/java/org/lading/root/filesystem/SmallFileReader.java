package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;

/** Reads small files whole, those of one directory while it is held open. */
final class SmallFileReader {
  private static final Path HERE = Path.of("");

  private final PathResolver boundary;
  private final Single single;
  private @Nullable String openKey;
  private @Nullable OpenDirectory open;

  /** Reads one file by its whole path. */
  @FunctionalInterface
  interface Single {
    byte[] read(Item item) throws IOException;
  }

  /** Files inside the root; links are read singly. */
  SmallFileReader(PathResolver boundary, Single single) {
    this.boundary = boundary;
    this.single = single;
  }

  /** The contents of the items in their order. */
  byte[][] read(List<Item> items) throws IOException {
    byte[][] contents = new byte[items.size()][];
    try {
      for (int i = 0; i < contents.length; i++) {
        contents[i] = read(items.get(i));
      }
    } finally {
      close();
    }
    return contents;
  }

  private byte[] read(Item item) throws IOException {
    String key = item.key();
    int slash = key.lastIndexOf('/');
    OpenDirectory directory = directory(key.substring(0, Math.max(slash, 0)));
    byte[] name = RelativePath.ofKey(key.substring(slash + 1)).bytes();
    byte[] content = directory.read(NativePaths.resolve(HERE, name), item);
    return content == null ? single.read(item) : content;
  }

  private OpenDirectory directory(String key) throws IOException {
    OpenDirectory directory = open;
    if (directory == null || !key.equals(openKey)) {
      close();
      directory = OpenDirectory.of(boundary, RelativePath.ofKey(key));
      open = directory;
      openKey = key;
    }
    return directory;
  }

  private void close() throws IOException {
    OpenDirectory done = open;
    open = null;
    if (done != null) {
      done.close();
    }
  }
}
