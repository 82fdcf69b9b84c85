package org.lading.root.s3.listing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lists keys that it is given, in pages, as S3 does; tokens are keys. */
final class KeyListing implements ListingCalls {
  private final Comparator<String> order;
  private final NavigableSet<String> keys;
  private final String directory;
  private final boolean recursive;
  private final int pageSize;
  private final Supplier<Duration> delays;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private final AtomicInteger rounds = new AtomicInteger();

  /** Answers about what begins with {@code directory}, each time after a delay. */
  KeyListing(
      Collection<String> keys,
      String directory,
      boolean recursive,
      int pageSize,
      Supplier<Duration> delays) {
    this(keys, KeyOrder.BYTES, directory, recursive, pageSize, delays);
  }

  /** As above, but in another order. */
  KeyListing(
      Collection<String> keys,
      Comparator<String> order,
      String directory,
      boolean recursive,
      int pageSize,
      Supplier<Duration> delays) {
    this.order = order;
    this.keys = new TreeSet<>(order);
    this.keys.addAll(keys);
    this.directory = directory;
    this.recursive = recursive;
    this.pageSize = pageSize;
    this.delays = delays;
  }

  /** How many calls there were. */
  int calls() {
    return calls.get();
  }

  /** How many calls were under way at once, at most. */
  int mostUnderWay() {
    return mostUnderWay.get();
  }

  /** How many calls there were, at most, each of which began when another was answered. */
  int rounds() {
    return rounds.get();
  }

  @Override
  public ListedPage page(String after, @Nullable String token) {
    return answer(directory, !recursive, after, token);
  }

  @Override
  public ListedPage children(String of, String after, @Nullable String token) {
    return answer(of, true, after, token);
  }

  private ListedPage answer(
      String prefix, boolean delimited, String after, @Nullable String token) {
    calls.incrementAndGet();
    int round = rounds.get() + 1;
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try {
      Thread.sleep(delays.get().toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      underWay.decrementAndGet();
      rounds.accumulateAndGet(round, Math::max);
    }
    return list(prefix, delimited, token == null ? after : token);
  }

  private ListedPage list(String prefix, boolean delimited, String from) {
    List<ListedObject> objects = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    boolean isBefore = order.compare(from, prefix) < 0;
    String key = isBefore ? keys.ceiling(prefix) : keys.higher(from);
    String last = "";
    while (key != null && key.startsWith(prefix) && objects.size() + prefixes.size() < pageSize) {
      int slash = delimited ? key.indexOf('/', prefix.length()) : -1;
      if (slash >= 0) {
        prefixes.add(key.substring(0, slash + 1));
        last = key.substring(0, slash + 1) + Character.toString(Character.MAX_CODE_POINT);
      } else {
        objects.add(new ListedObject(key, 1, Instant.EPOCH, null, false, false, false));
        last = key;
      }
      key = keys.higher(last);
    }
    boolean isTruncated = key != null && key.startsWith(prefix);
    return new ListedPage(objects, prefixes, isTruncated ? last : null);
  }
}
