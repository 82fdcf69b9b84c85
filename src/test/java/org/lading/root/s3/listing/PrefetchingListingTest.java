package org.lading.root.s3.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lading.testing.LargeKeys;
import org.lading.testing.Traces;

class PrefetchingListingTest {
  private static final int MANY = 100_000;
  private static final int PAGE = 1000;
  private static final int CONCURRENCY = 16;
  private static final Duration FAR = Duration.ofMillis(40);
  private static final Duration NEAR = Duration.ofMillis(4);

  /** So many walks wait for their calls beside each other. */
  private static final int WALKS_AT_ONCE = 8;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore ahead = new Semaphore(CONCURRENCY - 1);

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        shape("numbers", i -> "scan-%07d.tif".formatted(i)),
        shape("numbers that grow", i -> "scan" + i + ".tif"),
        shape("pairs", i -> "p%06d.%s".formatted(i / 2, i % 2 == 0 ? "tif" : "xml")),
        shape("hashes", i -> "%016x".formatted(random(i))),
        shape("UUIDs", i -> new UUID(random(i), random(i + 77)).toString()),
        shape("directories of equal size", i -> "d%04d/f%03d".formatted(i / 100, i % 100)),
        shape("two levels", i -> "d%03d/e%02d/f%02d".formatted(i / 1000, i / 20 % 50, i % 20)),
        shape(
            "days",
            i -> "2024-%02d-%02d/%04d.log".formatted(i / 9000 + 1, i / 300 % 30 + 1, i % 300)),
        shape(
            "days on three levels",
            i -> "2024/%02d/%02d/%016x".formatted(i / 9000 + 1, i / 300 % 30 + 1, random(i))),
        shape("six levels", i -> "a/b/c/d/e%04d/f%02d".formatted(i / 50, i % 50)),
        Arguments.of("names of people", people()),
        Arguments.of("books", books()),
        Arguments.of("large and small directories", unevenDirectories()),
        Arguments.of("directories of 1 to 20,000, files beside them", tree()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void walk_overManyKeys_findsEachOnceInOrderInFewRoundsOfFewCalls(
      String shape, Collection<String> keys) throws InterruptedException {
    Collection<String> sorted = sorted(keys);
    KeyListing listing = new KeyListing(sorted, "", true, PAGE, () -> FAR);
    assertThat(walk(listing, "", true)).isEqualTo(List.copyOf(sorted));
    assertThat(listing.calls()).isLessThanOrEqualTo(mostCalls(keys));
    assertThat(listing.mostUnderWay()).isBetween(CONCURRENCY / 2, CONCURRENCY);
    // 8 to 15 where nothing else runs; page after page it would be 100.
    assertThat(listing.rounds()).isLessThanOrEqualTo(MANY / PAGE / 3);
  }

  @Test
  void walk_overFilesBesideDirectories_findsTheFilesWithFewCalls() throws InterruptedException {
    List<String> files = new ArrayList<>(keys(MANY, i -> "d/scan-%07d.tif".formatted(i)));
    List<String> all = new ArrayList<>(files);
    all.addAll(keys(5000, i -> "d/b%04d/x".formatted(i)));
    all.addAll(keys(5000, i -> "d/z%04d/x".formatted(i)));
    KeyListing listing = new KeyListing(all, "d/", false, PAGE, () -> NEAR);
    assertThat(walk(listing, "d/", false)).isEqualTo(List.copyOf(sorted(files)));
    assertThat(listing.calls()).isLessThanOrEqualTo(mostCalls(all));
  }

  @Test
  void walk_overKeysOfAnyKind_findsEachOnceInOrder() throws Exception {
    AtomicInteger seeds = new AtomicInteger();
    List<Future<?>> walks = new ArrayList<>();
    for (int i = 0; i < WALKS_AT_ONCE; i++) {
      Callable<Void> walk =
          () -> {
            for (int seed = seeds.getAndIncrement(); seed < 300; seed = seeds.getAndIncrement()) {
              assertWalkFindsAll(seed);
            }
            return null;
          };
      walks.add(threads.submit(walk));
    }
    for (Future<?> walk : walks) {
      walk.get();
    }
  }

  private void assertWalkFindsAll(int seed) throws InterruptedException {
    Random random = new Random(seed);
    Collection<String> keys = anyKeys(random);
    boolean recursive = random.nextBoolean();
    String directory = random.nextBoolean() ? "" : "a/";
    Supplier<Duration> delays = () -> Duration.ofMillis(new Random().nextInt(3));
    KeyListing listing = new KeyListing(keys, directory, recursive, 1 + random.nextInt(12), delays);
    List<String> expected =
        sorted(keys).stream()
            .filter(key -> key.startsWith(directory))
            .filter(key -> recursive || key.indexOf('/', directory.length()) < 0)
            .toList();
    List<String> found = new ArrayList<>();
    Semaphore own = new Semaphore(CONCURRENCY - 1);
    new PrefetchingListing(directory, recursive, listing, threads, own, 4 * CONCURRENCY)
        .run(page -> page.objects().forEach(object -> found.add(object.key())));
    assertThat(found).as("seed " + seed).isEqualTo(expected);
  }

  @Test
  void walk_ofWhichOneCallFails_handsOverWhatComesBeforeAndFails() {
    List<String> keys = keys(20_000, i -> "scan-%07d.tif".formatted(i));
    KeyListing listing = new KeyListing(keys, "", true, PAGE, () -> FAR);
    ListingCalls failing =
        new ListingCalls() {
          @Override
          public ListedPage page(String after, @Nullable String token) {
            ListedPage page = listing.page(after, token);
            if (page.objects().stream().anyMatch(object -> object.key().contains("0010500"))) {
              throw new IllegalArgumentException("failed on purpose");
            }
            return page;
          }

          @Override
          public ListedPage children(String of, String after, @Nullable String token) {
            throw new IllegalArgumentException("never of use");
          }
        };
    List<String> found = new ArrayList<>();
    assertThatThrownBy(() -> walk(failing, "", true, found)).hasMessage("failed on purpose");
    assertThat(found).hasSizeBetween(8000, 10_500);
    assertThat(found).isEqualTo(keys.subList(0, found.size()));
    assertAllCallsEnded();
  }

  @Test
  void walk_whoseSinkFails_leavesNoCallUnderWay() {
    KeyListing listing =
        new KeyListing(
            keys(MANY, i -> "scan-%07d.tif".formatted(i)),
            "",
            true,
            PAGE,
            () -> Duration.ofMillis(50));
    PrefetchingListing walk =
        new PrefetchingListing("", true, listing, threads, ahead, 4 * CONCURRENCY);
    assertThatThrownBy(
            () ->
                walk.run(
                    page -> {
                      if (listing.mostUnderWay() > 2) {
                        throw new IllegalArgumentException("enough");
                      }
                    }))
        .hasMessage("enough");
    assertAllCallsEnded();
  }

  @Test
  void walk_whoseSinkIsSlow_doesNotAskForMoreThanWaitsForIt() throws InterruptedException {
    List<String> keys = keys(20_000, i -> "scan-%07d.tif".formatted(i));
    KeyListing listing = new KeyListing(keys, "", true, 100, () -> Duration.ZERO);
    AtomicInteger taken = new AtomicInteger();
    AtomicLong aheadOfSink = new AtomicLong();
    new PrefetchingListing("", true, listing, threads, ahead, 4 * CONCURRENCY)
        .run(
            page -> {
              LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
              aheadOfSink.addAndGet(listing.calls() - taken.incrementAndGet());
            });
    // Some 17 on average; where all room is used it would be 60.
    assertThat(aheadOfSink.get() / taken.get()).isLessThan(2 * CONCURRENCY);
  }

  @Test
  void walk_ofWhichOneCallHangs_doesNotRunAheadWithoutBound() throws Exception {
    List<String> keys = new ArrayList<>(keys(40, i -> "%03d".formatted(i * 20)));
    keys.addAll(keys(20_000, i -> "999%05d".formatted(i)));
    KeyListing listing = new KeyListing(keys, "", true, 10, () -> Duration.ZERO);
    CountDownLatch letGo = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    ListingCalls hanging =
        new ListingCalls() {
          @Override
          public ListedPage page(String after, @Nullable String token) {
            ListedPage page = listing.page(after, token);
            if (token != null && answered.incrementAndGet() == 1) {
              await(letGo);
            }
            return page;
          }

          @Override
          public ListedPage children(String of, String after, @Nullable String token) {
            return listing.children(of, after, token);
          }
        };
    FutureTask<List<String>> walk = new FutureTask<>(() -> walk(hanging, "", true));
    threads.execute(walk);
    Traces.within(Duration.ofSeconds(2), listing::calls, calls -> calls > 8 * CONCURRENCY);
    int calls = listing.calls();
    letGo.countDown();
    assertThat(calls).isLessThanOrEqualTo(8 * CONCURRENCY);
    assertThat(walk.get()).isEqualTo(List.copyOf(sorted(keys)));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void walk_withoutPermits_asksForOnePageAfterAnother() throws InterruptedException {
    List<String> keys = keys(20_000, i -> "scan-%07d.tif".formatted(i));
    KeyListing listing = new KeyListing(keys, "", true, PAGE, () -> Duration.ZERO);
    ahead.drainPermits();
    assertThat(walk(listing, "", true)).isEqualTo(keys);
    assertThat(listing.calls()).isEqualTo(20);
    assertThat(listing.mostUnderWay()).isEqualTo(1);
  }

  private List<String> walk(ListingCalls listing, String directory, boolean recursive)
      throws InterruptedException {
    List<String> found = new ArrayList<>();
    walk(listing, directory, recursive, found);
    return found;
  }

  private void walk(ListingCalls listing, String directory, boolean recursive, List<String> found)
      throws InterruptedException {
    new PrefetchingListing(directory, recursive, listing, threads, ahead, 4 * CONCURRENCY)
        .run(page -> page.objects().forEach(object -> found.add(object.key())));
  }

  private static int mostCalls(Collection<String> keys) {
    return keys.size() * 13 / 10 / PAGE + 50;
  }

  private void assertAllCallsEnded() {
    int all = CONCURRENCY - 1;
    assertThat(Traces.eventually(ahead::availablePermits, permits -> permits == all))
        .isEqualTo(all);
  }

  private static Arguments shape(String name, IntFunction<String> key) {
    return Arguments.of(name, keys(MANY, key));
  }

  private static List<String> keys(int count, IntFunction<String> key) {
    return IntStream.range(0, count).mapToObj(key).toList();
  }

  private static Collection<String> sorted(Collection<String> keys) {
    Collection<String> sorted = new TreeSet<>(KeyOrder.BYTES);
    sorted.addAll(keys);
    return sorted;
  }

  private static long random(long seed) {
    return new Random(seed * 31 + 7).nextLong();
  }

  private static Collection<String> people() {
    Random random = new Random(5);
    return keys(
        MANY,
        i -> {
          Random person = new Random(i / 40);
          String directory = word(person) + " " + word(person);
          return directory + "/" + word(random) + "-" + word(random) + i + ".pdf";
        });
  }

  private static String word(Random random) {
    List<String> parts =
        List.of("ba", "chen", "dö", "el", "frie", "gu", "han", "jo", "kra", "lü", "mei", "ost");
    String word =
        random
            .ints(2 + random.nextInt(3), 0, parts.size())
            .mapToObj(parts::get)
            .collect(Collectors.joining());
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /** Some 300 pages each, of some 50 to 2000. */
  private static Collection<String> books() {
    Random random = new Random(6);
    List<String> keys = new ArrayList<>();
    while (keys.size() < MANY) {
      String name = "b%08d".formatted(random.nextInt(100_000_000));
      int files = (int) Math.exp(5.5 + 0.8 * random.nextGaussian());
      keys.addAll(keys(files, f -> "%s/%s_%04d.jp2".formatted(name, name, f)));
    }
    return keys;
  }

  private static Collection<String> tree() {
    LargeKeys tree = LargeKeys.tree(MANY);
    return IntStream.range(0, tree.size()).mapToObj(tree::get).toList();
  }

  private static Collection<String> unevenDirectories() {
    List<String> keys = new ArrayList<>();
    for (int d = 0; keys.size() < MANY; d++) {
      int files = d % 7 == 0 ? 1500 : d % 5 * 3;
      String name = "Band %d/%s_".formatted(d, d % 2 == 0 ? "Seite" : "page");
      keys.addAll(keys(files, f -> name + "%04d.jpg".formatted(f)));
    }
    return keys;
  }

  private static Collection<String> anyKeys(Random random) {
    String[] parts = {
      "a", "b", "/", "//", "0", "1", "9", "f", "-", ".", " ", "ä", "\ud7ff", "\ue000", "\ufffd",
      "😀"
    };
    return random
        .ints(random.nextInt(300), 1, 8)
        .mapToObj(
            length ->
                (random.nextBoolean() ? "a/" : "")
                    + random
                        .ints(length, 0, parts.length)
                        .mapToObj(i -> parts[i])
                        .collect(Collectors.joining()))
        .toList();
  }
}
