package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists the keys of a bucket in the order of their bytes where the store lists in another one: each
 * level of directories is listed page after page, held and sorted.
 *
 * <p><b>Why.</b> Directory buckets of AWS list in no order at all; stores on top of a file system
 * list {@code a/b} before {@code a-b}, or directories before files; others compare UTF-16.
 *
 * <p><b>Invariant.</b> All keys below a directory are adjacent in the order of bytes, where the
 * name of the directory with its slash would be. So it is enough to sort the names of one level,
 * and to list each directory where its name is.
 *
 * <p><b>Danger.</b> A level may have any number of names: at most {@link #MAX_NAMES} are held,
 * those of all levels that are being listed together.
 */
public final class LevelListing {
  /**
   * The maximum number of names that are held: about 15 MB of them, where a key has 100 bytes. One
   * level of that size takes 50 calls.
   */
  public static final int MAX_NAMES = 50_000;

  /**
   * The maximum number of characters that the names have together, for memory where they are long.
   */
  private static final long MAX_CHARS = 10_000_000;

  /** The call that a listing of levels makes. */
  public interface Calls {
    /** Requests a page of the files and directories directly in a directory; see ListingCalls. */
    ListedPage children(String directory, @Nullable String token);
  }

  private final Calls calls;
  private final boolean isRecursive;
  private final Consumer<ListedPage> sink;
  private int held;
  private long heldChars;

  /**
   * Makes a listing.
   *
   * @param isRecursive whether the directories in a directory are listed as well
   * @param sink takes the objects as pages, and of a listing that is not recursive the directories
   */
  public LevelListing(Calls calls, boolean isRecursive, Consumer<ListedPage> sink) {
    this.calls = calls;
    this.isRecursive = isRecursive;
    this.sink = sink;
  }

  /**
   * Hands everything in a directory to the sink; throws {@link LevelTooLargeException}, {@link
   * EndlessListingException}, or the exception of a call.
   */
  public void run(String directory) {
    NavigableMap<String, Optional<ListedObject>> names = names(directory);
    List<ListedObject> files = new ArrayList<>();
    for (var next = names.pollFirstEntry(); next != null; next = names.pollFirstEntry()) {
      held--;
      heldChars -= next.getKey().length();
      if (next.getValue().isPresent()) {
        files.add(next.getValue().get());
      } else if (isRecursive) {
        files = handOver(files, List.of());
        run(next.getKey());
      } else {
        files = handOver(files, List.of(next.getKey()));
      }
    }
    handOver(files, List.of());
  }

  private List<ListedObject> handOver(List<ListedObject> files, List<String> prefixes) {
    if (!files.isEmpty() || !prefixes.isEmpty()) {
      sink.accept(new ListedPage(files, prefixes, null));
    }
    return new ArrayList<>();
  }

  /** Lists one level: maps the names of files to their objects, and directories to none. */
  private NavigableMap<String, Optional<ListedObject>> names(String directory) {
    NavigableMap<String, Optional<ListedObject>> names = new TreeMap<>(KeyOrder.BYTES);
    EndlessListingCheck end = new EndlessListingCheck();
    String token = null;
    do {
      ListedPage page = calls.children(directory, token);
      int before = names.size();
      page.objects().forEach(object -> put(names, object.key(), Optional.of(object)));
      page.prefixes().forEach(prefix -> put(names, prefix, Optional.empty()));
      if (held > MAX_NAMES || heldChars > MAX_CHARS) {
        throw new LevelTooLargeException(directory);
      }
      token = page.token();
      end.observe(names.size() > before, token);
    } while (token != null);
    return names;
  }

  private void put(
      NavigableMap<String, Optional<ListedObject>> names,
      String name,
      Optional<ListedObject> object) {
    if (names.putIfAbsent(name, object) == null) {
      held++;
      heldChars += name.length();
    }
  }
}
