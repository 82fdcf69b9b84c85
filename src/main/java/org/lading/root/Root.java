package org.lading.root;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named store of files, such as a directory or a bucket. Implementations are safe for use by
 * several threads.
 *
 * <p>Paths come from strangers: {@code /} between segments, below the root. One leading slash is
 * ignored. A path with a {@code ..} segment or a NUL is refused, and nothing outside the root is
 * ever reached. Every method that takes a path or a key throws {@link
 * org.lading.error.LadingException}:
 *
 * <ul>
 *   <li>{@code MISSING_OR_INVALID_TARGET}: the target does not exist, is not a file (or not a
 *       directory), is outside the root, unreadable, special or archived; the sentence names the
 *       path at fault;
 *   <li>{@code STORAGE_UNAVAILABLE}: the root as a whole did not answer.
 * </ul>
 */
public interface Root extends AutoCloseable {
  /**
   * The latency of a remote root of which nothing was measured. For S3 Amazon's "Performance design
   * patterns" give 100 to 200 ms to the first byte, compatible stores nearby take a few: this lies
   * between them.
   */
  Duration ASSUMED_LATENCY = Duration.ofMillis(30);

  /** Returns the configured name: letters, digits, {@code . _ -}. */
  String name();

  /** Finds the file at the path; its {@link Item#name()} is the last segment. */
  Item file(String path);

  /**
   * Hands the files at several paths to the sink, in the order of the paths, each as {@link #file}
   * finds it. The first that cannot be found fails the call, after those before it were handed
   * over. A root that {@link #isRemote} makes several requests at once.
   */
  default void files(List<String> paths, ItemSink sink) {
    for (String path : paths) {
      sink.count(1);
      sink.accept(file(path));
    }
  }

  /**
   * Hands every item of a directory to the sink, in byte order (UTF-8, unsigned) of {@link
   * Item#name()}, where a directory counts with its trailing slash; so a filesystem and a bucket
   * with the same content give the same order.
   *
   * <p>A recursive listing has all files below, and the directories that are empty; any other only
   * the files directly in the directory. The path {@code ""} or {@code "/"} is the root itself.
   * Items are handed over while they are found; at most one directory or a bounded number of pages
   * is held in memory. Something in the directory that cannot be delivered (unreadable, a link that
   * leads out, a pipe) is handed to {@link ItemSink#refuse}, which fails the listing unless the
   * root leaves such things out; what vanishes while the listing runs is not in it.
   *
   * <p>A root that finds out on the way that its store lists in another order begins again, and
   * hands over once more what it has handed over.
   */
  void list(String path, boolean recursive, ItemSink sink);

  /**
   * Returns a part of what lies directly in a directory, with directories first and each kind in
   * byte order of the names; nothing below them is looked at. What a link leads to counts as what
   * it is, but has the place of a file. What cannot be delivered is there with its {@link
   * DirectoryPage.Obstacle}; what vanishes meanwhile is not.
   *
   * <p>A root that {@link #isRemote} makes one request, and its page is the store's: directories
   * come first within the page only, and where the store says no more than that a page follows, a
   * page may be empty.
   *
   * @param path the directory; {@code ""} or {@code "/"} is the root itself
   * @param cursor the {@link DirectoryPage#next} of the page before, or {@code ""} for the first
   *     one. Cursors come from strangers too; one that is none fails with {@code
   *     MISSING_OR_INVALID_TARGET}
   * @param max the maximum number of children, 1 to 1,000
   */
  DirectoryPage page(String path, String cursor, int max);

  /**
   * Returns the directory's path in the form used for names inside the archive: no slash at either
   * end, {@code ""} for the root itself.
   */
  String directoryName(String path);

  /**
   * Returns a writer of the locations where nginx finds items, for the manifest of one response.
   * The credentials that sign are taken once, here; a location's validity begins when it is
   * written. Used only for items whose {@link Item#linkTarget} is null.
   */
  LocationWriter locations(LocationEncoding encoding);

  /**
   * Tells whether locations that are written now may have ended before the last entry of an archive
   * is fetched, so that each is to be written when nginx comes to its entry.
   *
   * @param entries the number of the archive's entries
   * @param bytes the sum of their sizes
   */
  default boolean isSignedPerEntry(long entries, long bytes) {
    return false;
  }

  /**
   * Returns a check for the items of one response, which tells whether each is still as it was
   * listed. A root that {@link #isRemote}, where a check costs as much as a read, finds all
   * unchanged. The caller closes it.
   */
  ChangeCheck changeCheck();

  /**
   * Opens the bytes of a file between two positions, as they were when it was listed: exactly
   * {@code to - from} bytes. The caller closes the stream, which is for one thread at a time. A
   * file that no longer is as the item says, or is gone, fails with {@code CHANGED}, from here or
   * from the stream before its last byte is handed out, never with other bytes that look complete;
   * an interrupted connection to a store is resumed a few times before it becomes {@code
   * STORAGE_UNAVAILABLE}. One that the root refuses, though it gives others, fails with {@code
   * UNREADABLE}.
   *
   * @param item a file, with its key, size, modification time and version
   * @param from the first byte, 0 to {@code to}
   * @param to the byte after the last one, at most the item's size
   */
  InputStream open(Item item, long from, long to) throws IOException;

  /** Opens the bytes of a file from a position to its end; see {@link #open(Item, long, long)}. */
  default InputStream open(Item item, long from) throws IOException {
    return open(item, from, item.size());
  }

  /**
   * Reads the whole contents of several small files, in their order. Where one cannot be read, the
   * call fails; {@link #open} of each then tells which one, and why.
   */
  byte[][] read(List<Item> items) throws IOException;

  /**
   * Returns the CRC-32 that the root keeps of an item's whole content, as an unsigned number, or
   * {@link Item#UNKNOWN_CRC32} if it has none. Called only for items with {@link
   * Item#CRC32_ON_REQUEST}; takes one request.
   */
  long crc32(Item item);

  /**
   * Returns the name of an item as the root has it, with U+FFFD for what is no UTF-8, where {@link
   * Item#name} had to be made of it; null where that is the name itself.
   */
  default @Nullable String originalName(Item item) {
    return null;
  }

  /** Returns what happens to a directory in which something cannot be delivered. */
  Undeliverable undeliverable();

  /** Tells whether files are far away, so that reading several at once takes no longer than one. */
  boolean isRemote();

  /**
   * Tells whether reading a part of a file costs no more than that part; false where each read of a
   * file begins at its first byte.
   */
  default boolean readsParts() {
    return true;
  }

  /**
   * Returns the time from a request to the head of its answer, as it was measured last; where
   * nothing was measured, an assumption.
   */
  default Duration latency() {
    return isRemote() ? ASSUMED_LATENCY : Duration.ZERO;
  }

  /** Makes sure that the root answers; fails with {@code STORAGE_UNAVAILABLE} if not. */
  void check();

  /**
   * Returns a sentence for administrators about something that is wrong though the root answers, as
   * it was found by earlier calls; empty if all is well.
   */
  default Optional<String> warning() {
    return Optional.empty();
  }

  /** Releases connections and threads; the root is not used afterwards. */
  @Override
  void close();
}
