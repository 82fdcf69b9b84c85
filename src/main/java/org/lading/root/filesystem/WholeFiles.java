package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;

/** Reads small files whole, those of one directory while it is held open. */
final class WholeFiles {
  private static final Path HERE = Path.of("");

  private final Boundary boundary;
  private @Nullable String openKey;
  private @Nullable OpenDirectory open;

  WholeFiles(Boundary boundary) {
    this.boundary = boundary;
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
    return directory.read(NativePaths.resolve(HERE, name), item);
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
