package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lading.error.LadingException;
import org.lading.root.Root;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Ending;

/** What streams of a bucket hold, and how they end. */
@Timeout(120)
class S3StreamTest extends ScriptedObject {
  @Test
  void streams_closedInTheMiddle_doNotReadTheRest() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(1000, Ending.HANG));
    Root root = root(store);

    long start = System.nanoTime();
    closeInTheMiddle(root, 200);

    // Reading the rest would wait half a second each time.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    assertThat(store.requests()).hasSize(200);
  }

  @Test
  void streams_closedInTheMiddle_holdNoConnection() throws Exception {
    ScriptedS3 store = store(ScriptedObject::part);

    closeInTheMiddle(root(store), S3Clients.MAX_CONNECTIONS + 20);

    assertThat(store.requests()).hasSize(S3Clients.MAX_CONNECTIONS + 20);
  }

  @Test
  void streams_readToTheEnd_useTheSameConnection() throws Exception {
    ScriptedS3 store = store(ScriptedObject::part);
    Root root = root(store);

    for (int i = 0; i < 20; i++) {
      try (InputStream in = root.open(ITEM, i)) {
        assertThat(in.readNBytes(CONTENT.length() - i)).hasSize(CONTENT.length() - i);
      }
    }

    assertThat(store.connections()).isOne();
  }

  @Test
  void streams_heldBySlowReaders_leaveConnectionsForOthers() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(1000, Ending.HANG));
    Root root = root(store);

    for (int i = 0; i < 60; i++) {
      opened.add(0, root.open(ITEM, 0));
    }
    assertThat(store.connections()).isEqualTo(60);
  }

  @Test
  void root_closedWhileRead_endsTheStream() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(1000, Ending.HANG));
    S3Root root =
        new S3Root(TestSettings.at(store.endpoint()).region("us-east-1").build(), patient());
    InputStream in = root.open(ITEM, 0);
    assertThat(in.readNBytes(1000)).hasSize(1000);
    CompletableFuture<Throwable> end = CompletableFuture.supplyAsync(() -> failure(in));

    root.close();

    assertThat(end.get(20, TimeUnit.SECONDS))
        .isInstanceOf(LadingException.class)
        .hasMessageContaining("is not in use any more");
    assertUnavailable(in::read, "is not in use any more");
  }

  @Test
  void root_closedBetweenReads_endsTheStream() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(0, Ending.CUT));
    S3Root root = root(store);
    InputStream in = root.open(ITEM, 0);
    root.close();

    assertUnavailable(in::read, "is not in use any more");
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void reader_thatIsInterrupted_ends() throws Exception {
    ScriptedS3 store = store(ScriptedObject::part);
    S3Root root = root(store);
    InputStream in = root.open(ITEM, 0);

    Thread.currentThread().interrupt();
    assertThatThrownBy(in::readAllBytes).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> root.open(ITEM, 0)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    in.close();
  }

  @Test
  void answer_isNotWatchedByAThreadOfTheSdk() throws Exception {
    ScriptedS3 store = store(ScriptedObject::part);
    S3RootSettings settings = TestSettings.at(store.endpoint()).region("us-east-1").build();
    S3Errors failures = new S3Errors(settings);
    S3Clients connection = new S3Clients(settings, failures, SHORT, S3CallObserver.UNOBSERVED);
    opened.add(0, connection);

    ObjectBody body = new ObjectOpener(settings, failures, connection, ITEM, ITEM.size()).open(0);
    assertThat(body.answer().hasTimeoutTask()).isFalse();
    body.abort();
  }

  @Test
  void body_thatTakesLongerThanACallMay_isReadInOneGo() throws Exception {
    ScriptedS3 store = store(ScriptedObject::part);
    S3Clients.Timeouts hasty =
        new S3Clients.Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(900),
            Duration.ofSeconds(1));
    S3Root root = new S3Root(TestSettings.at(store.endpoint()).region("us-east-1").build(), hasty);
    opened.add(0, root);

    try (InputStream in = root.open(ITEM, 0)) {
      assertThat(in.readNBytes(10)).hasSize(10);
      new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS);
      assertThat(in.readAllBytes()).hasSize(CONTENT.length() - 10);
    }
    assertThat(store.requests()).hasSize(1);
  }

  private static void closeInTheMiddle(Root root, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      try (InputStream in = root.open(ITEM, 0)) {
        assertThat(in.readNBytes(1000)).hasSize(1000);
      }
    }
  }

  private static S3Clients.Timeouts patient() {
    return new S3Clients.Timeouts(
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60));
  }

  private static Throwable failure(InputStream in) {
    try {
      in.read();
      return new AssertionError("there was a byte");
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }
}
