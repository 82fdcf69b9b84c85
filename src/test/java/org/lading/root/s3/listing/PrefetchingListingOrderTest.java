package org.lading.root.s3.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that lists, and begins listings, in another order than that of bytes. */
class PrefetchingListingOrderTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  void walk_inAnotherOrder_isNoticedOrComplete() throws InterruptedException {
    Comparator<String> bySegment =
        Comparator.comparing(key -> key.replace('/', '\0'), Comparator.naturalOrder());
    int complete = 0;
    int noticed = 0;
    for (int seed = 0; seed < 200; seed++) {
      Collection<String> keys = directories(1 + seed % 25, new Random(seed));
      KeyListing listing = new KeyListing(keys, bySegment, "", true, 10, () -> Duration.ZERO);
      List<String> found = new ArrayList<>();
      try {
        new PrefetchingListing("", true, ordered(listing), threads, new Semaphore(15), 64)
            .run(page -> page.objects().forEach(object -> found.add(object.key())));
        requireOrder(found);
        assertThat(found).as("seed " + seed).isEqualTo(inOrder(keys, KeyOrder.BYTES));
        complete++;
      } catch (KeyOrderException otherOrder) {
        noticed++;
        assertThat(inOrder(keys, KeyOrder.BYTES))
            .as("seed " + seed)
            .isNotEqualTo(inOrder(keys, bySegment));
      }
    }
    assertThat(complete).isPositive();
    assertThat(noticed).isPositive();
  }

  /** Fails for a page out of order, as listings must. */
  private static ListingCalls ordered(ListingCalls listing) {
    return new ListingCalls() {
      @Override
      public ListedPage page(String after, @Nullable String token) {
        ListedPage page = listing.page(after, token);
        requireOrder(page.objects().stream().map(ListedObject::key).toList());
        return page;
      }

      @Override
      public ListedPage children(String of, String after, @Nullable String token) {
        return listing.children(of, after, token);
      }
    };
  }

  private static void requireOrder(List<String> keys) {
    for (int i = 1; i < keys.size(); i++) {
      if (KeyOrder.BYTES.compare(keys.get(i - 1), keys.get(i)) >= 0) {
        throw new KeyOrderException(keys.get(i - 1), keys.get(i));
      }
    }
  }

  private static List<String> inOrder(Collection<String> keys, Comparator<String> order) {
    return keys.stream().distinct().sorted(order).toList();
  }

  /** Directories whose names begin like one another's and go on before or after a slash. */
  private static Collection<String> directories(int count, Random random) {
    List<String> keys = new ArrayList<>();
    for (int d = 0; d < count; d++) {
      String name =
          ""
              + (char) ('a' + random.nextInt(12))
              + List.of("", "", "-", ".", "0").get(random.nextInt(5));
      int files = 1 + random.nextInt(40);
      IntStream.range(0, files).forEach(f -> keys.add("%s/%03d".formatted(name, f)));
    }
    return keys;
  }
}
