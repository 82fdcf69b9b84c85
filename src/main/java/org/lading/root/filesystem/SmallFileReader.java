package org.lading.root.filesystem;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;
import org.lading.root.watch.WatchedThread;

/** Reads small files whole; consecutive files of one directory share one opened handle of it. */
final class SmallFileReader {
  private final PathResolver resolver;
  private final SingleFileReader singleFileReader;
  private @Nullable String openKey;
  private @Nullable DirectoryHandle open;

  /** Reads one file by its whole path. */
  @FunctionalInterface
  interface SingleFileReader {
    byte[] read(Item item) throws IOException;
  }

  /** Makes a reader of files inside the root, which leaves links to {@code singleFileReader}. */
  SmallFileReader(PathResolver resolver, SingleFileReader singleFileReader) {
    this.resolver = resolver;
    this.singleFileReader = singleFileReader;
  }

  /** Returns the contents of the items in their order. */
  byte[][] read(List<Item> items) throws IOException {
    byte[][] contents = new byte[items.size()][];
    try {
      for (int i = 0; i < contents.length; i++) {
        contents[i] = read(items.get(i));
        WatchedThread.progress();
      }
    } finally {
      close();
    }
    return contents;
  }

  private byte[] read(Item item) throws IOException {
    String key = item.key();
    int slash = key.lastIndexOf('/');
    DirectoryHandle directory = directory(key.substring(0, Math.max(slash, 0)));
    byte[] name = RelativePath.ofKey(key.substring(slash + 1)).bytes();
    byte[] content = directory.read(name, item);
    return content == null ? singleFileReader.read(item) : content;
  }

  private DirectoryHandle directory(String key) throws IOException {
    DirectoryHandle directory = open;
    if (directory == null || !key.equals(openKey)) {
      close();
      directory = resolver.directory(RelativePath.ofKey(key));
      open = directory;
      openKey = key;
    }
    return directory;
  }

  private void close() throws IOException {
    DirectoryHandle closing = open;
    open = null;
    if (closing != null) {
      closing.close();
    }
  }
}
