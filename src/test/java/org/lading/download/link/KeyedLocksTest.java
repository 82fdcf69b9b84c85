package org.lading.download.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedLocksTest {
  private static final int THREADS = 8;
  private static final int TIMES = 2000;
  private static final Executor OWN_THREAD = task -> new Thread(task, "holder").start();

  private final KeyedLocks locks = new KeyedLocks();
  private int count;

  @Test
  void otherKeys_doNotWait() throws InterruptedException {
    CountDownLatch isHeld = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<String> holder =
        CompletableFuture.supplyAsync(
            () ->
                locks.holding(
                    "slow",
                    () -> {
                      isHeld.countDown();
                      awaited(goOn);
                      return "slow";
                    }),
            OWN_THREAD);
    isHeld.await();
    for (int i = 0; i < 1000; i++) {
      String key = "key " + i;
      assertThat(locks.holding(key, () -> key)).isEqualTo(key);
    }
    goOn.countDown();
    assertThat(holder.join()).isEqualTo("slow");
  }

  @Test
  void oneKey_isHeldByOneAtATime() {
    CompletableFuture<?>[] all =
        IntStream.range(0, THREADS)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int k = 0; k < TIMES; k++) {
                            locks.holding("one", () -> count++);
                          }
                        },
                        OWN_THREAD))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();
    assertThat(count).isEqualTo(THREADS * TIMES);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
