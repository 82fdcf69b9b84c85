package org.lading.root;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;

/**
 * A named place where content lies. Implementations are safe for use by several threads.
 *
 * <p>Paths come from strangers: {@code /} between segments, below the root. One leading slash is
 * ignored. A path with a {@code ..} segment or a NUL is refused, and nothing outside the root is
 * ever reached. Every method that takes a path or a key throws {@link
 * org.lading.error.LadingException}:
 *
 * <ul>
 *   <li>{@code MISSING_OR_INVALID_TARGET}: not there, not a file (or not a directory), outside the
 *       root, unreadable, special, or archived; the sentence names the path at fault;
 *   <li>{@code STORAGE_UNAVAILABLE}: the root as a whole did not answer.
 * </ul>
 */
public interface Root extends AutoCloseable {
  /** The configured name: letters, digits, {@code . _ -}. */
  String name();

  /** The file at the path; its {@link Item#name()} is the last segment. */
  Item file(String path);

  /**
   * Hands over the files at several paths, in their order, as {@link #file} has each. The first
   * that cannot be had fails, when those before it were handed over. A root that {@link #isRemote}
   * asks for many at once.
   */
  default void files(List<String> paths, Consumer<Item> sink) {
    paths.forEach(path -> sink.accept(file(path)));
  }

  /**
   * Hands every item of a directory to the sink, in byte order (UTF-8, unsigned) of {@link
   * Item#name()}, where a directory counts with its trailing slash; so a filesystem and a bucket
   * with the same content give the same order.
   *
   * <p>Recursive: all files below, and the directories that are empty. Not recursive: only the
   * files directly in the directory. The path {@code ""} or {@code "/"} is the root itself. Items
   * are handed over while they are found, never collected for more than one directory level or
   * page. Something in the directory that cannot be delivered (unreadable, a link that leads out, a
   * pipe) fails the listing rather than being left out; what vanishes while the listing runs is not
   * in it.
   */
  void list(String path, boolean recursive, Consumer<Item> sink);

  /**
   * The directory's path in the form used for names inside the archive: no slash at either end,
   * {@code ""} for the root itself.
   */
  String directoryName(String path);

  /**
   * Where nginx finds items, for the manifest of one response. The credentials that sign are taken
   * once, here; how long a location is valid counts from when it is written. Called only for items
   * whose {@link Item#linkTarget} is null.
   */
  LocationWriter locations(LocationEncoding encoding);

  /**
   * Looks at the items of one response again, to tell which are still what they were. That of a
   * root that {@link #isRemote}, where asking is as expensive as fetching, finds all unchanged. The
   * caller closes it.
   */
  ChangeCheck changeCheck();

  /**
   * The bytes of a file between two positions, as its item had them: exactly {@code to - from}
   * bytes. The caller closes the stream, which is for one thread at a time. A file that is no
   * longer what the item says, or is gone, fails with {@code CHANGED}, from here or from the stream
   * before its last byte is handed out, never with other bytes that look complete; an interrupted
   * connection to a store is taken up again before it becomes {@code STORAGE_UNAVAILABLE}.
   *
   * @param item a file, with its key, size, modification time and version
   * @param from the first byte, 0 to {@code to}
   * @param to behind the last byte, at most the item's size
   */
  InputStream open(Item item, long from, long to) throws IOException;

  /** As above, to the end of the file. */
  default InputStream open(Item item, long from) throws IOException {
    return open(item, from, item.size());
  }

  /**
   * The whole contents of several small files in their order, each as {@link #open} has it. The
   * first that cannot be read fails all of them; which one, and why, {@link #open} tells.
   */
  byte[][] read(List<Item> items) throws IOException;

  /**
   * The CRC-32 that the root keeps of an item's whole content, as an unsigned number, or {@link
   * Item#UNKNOWN_CRC32} if it turns out to have none. Asked only of items that say {@link
   * Item#CRC32_ON_REQUEST}; takes one request.
   */
  long crc32(Item item);

  /** Whether files are far away, so that several read at once take no longer than one. */
  boolean isRemote();

  /** Asks the root whether it answers at all; returns if so, else {@code STORAGE_UNAVAILABLE}. */
  void check();

  /** Releases connections and threads; the root is not used afterwards. */
  @Override
  void close();
}
