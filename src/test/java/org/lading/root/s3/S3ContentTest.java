package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Ending;
import org.lading.testing.ScriptedS3.Request;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Objects whose bodies break, hang or are not what was asked for. */
@Timeout(120)
class S3ContentTest {
  private static final S3Connection.Timeouts SHORT =
      new S3Connection.Timeouts(
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5));
  private static final Instant MODIFIED = Instant.parse("2026-02-03T04:05:06.789Z");
  private static final String CONTENT = content(100_000);
  private static final Item ITEM = item(CONTENT.length(), "abc");

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  @Test
  void body_cutInTheMiddle_isTakenUpThere() throws Exception {
    ScriptedS3 store =
        store(
            r -> asked.incrementAndGet() == 1 ? part(r).endingAfter(40_000, Ending.CUT) : part(r));

    assertThat(read(root(store), 0)).isEqualTo(CONTENT);

    assertThat(ranges(store)).containsExactly("", "bytes=40000-");
    assertThat(store.requests()).allMatch(r -> "\"abc\"".equals(r.headers().get("If-Match")));
  }

  @Test
  void body_cutAgainAndAgainButGoingOn_isReadWhole() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(10_000, Ending.CUT));

    assertThat(read(root(store), 1)).isEqualTo(CONTENT.substring(1));

    assertThat(ranges(store)).hasSize(10).startsWith("bytes=1-", "bytes=10001-");
  }

  @Test
  void body_thatNeverGoesOn_isUnavailable() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(offset(r) == 0 ? 500 : 0, Ending.CUT));

    assertUnavailable(() -> read(root(store), 0), "broke off an object several times");

    // The first gave bytes, so that counting begins with its break.
    assertThat(store.requests()).hasSize(ResumingObjectStream.FAILURES_IN_A_ROW);
  }

  @Test
  void body_thatHangs_isTakenUpAgain() throws Exception {
    ScriptedS3 store =
        store(
            r -> asked.incrementAndGet() == 1 ? part(r).endingAfter(40_000, Ending.HANG) : part(r));

    assertThat(read(root(store), 0)).isEqualTo(CONTENT);

    assertThat(ranges(store)).containsExactly("", "bytes=40000-");
  }

  @ParameterizedTest
  @CsvSource({"500, InternalError", "503, SlowDown"})
  void error_thatPasses_isNotSeen(int status, String code) throws Exception {
    ScriptedS3 store =
        store(
            r ->
                switch (asked.incrementAndGet()) {
                  case 2 -> part(r).endingAfter(40_000, Ending.CUT);
                  case 1, 3, 4, 5, 6 -> Answer.error(status, code);
                  default -> part(r);
                });

    assertThat(read(root(store), 0)).isEqualTo(CONTENT);
  }

  @Test
  void error_thatLasts_isUnavailable() throws Exception {
    ScriptedS3 broken = store(r -> Answer.error(500, "InternalError"));
    assertUnavailable(() -> root(broken).open(ITEM, 0), "is out of order");

    ScriptedS3 breaking =
        store(
            r ->
                asked.incrementAndGet() == 1
                    ? part(r).endingAfter(40_000, Ending.CUT)
                    : Answer.error(403, "ExpiredToken"));
    assertUnavailable(() -> read(root(breaking), 0), "does not accept the credentials");
    assertThat(breaking.requests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"412, PreconditionFailed", "404, NoSuchKey", "416, InvalidRange"})
  void refusal_becauseOfTheObject_isAChange(int status, String code) throws Exception {
    ScriptedS3 store = store(r -> Answer.error(status, code));
    assertChanged(() -> root(store).open(ITEM, 0));
    assertChanged(() -> root(store).open(ITEM, 7));
    assertThat(store.requests()).hasSize(2);

    ScriptedS3 later =
        store(
            r ->
                offset(r) == 0
                    ? part(r).endingAfter(40_000, Ending.CUT)
                    : Answer.error(status, code));
    assertChanged(() -> read(root(later), 0));
    assertThat(later.requests()).hasSize(2);
  }

  @Test
  void bucket_thatIsGone_isUnavailable() throws Exception {
    ScriptedS3 store = store(r -> Answer.error(404, "NoSuchBucket"));
    assertUnavailable(() -> root(store).open(ITEM, 0), "does not exist");
  }

  @Test
  void object_thatWasArchivedSince_saysSo() throws Exception {
    ScriptedS3 store = store(r -> Answer.error(403, "InvalidObjectState"));
    assertFails(() -> root(store).open(ITEM, 0), ErrorCode.CHANGED, "has to be restored first");
  }

  @Test
  void body_ofAnotherLength_isAChange() throws Exception {
    for (int length : List.of(0, 1, CONTENT.length() - 1, CONTENT.length() + 1)) {
      ScriptedS3 store = store(r -> answer(200, content(length)));
      assertChanged(() -> root(store).open(ITEM, 0));
    }
  }

  @Test
  void body_ofAnotherVersion_isAChangeThoughTheStoreIgnoresTheCondition() throws Exception {
    ScriptedS3 store = store(r -> part(r).with("ETag", "\"def\""));
    assertChanged(() -> root(store).open(ITEM, 0));
    assertChanged(() -> root(store).open(ITEM, 5));
  }

  @Test
  void object_withoutVersion_isHeldAgainstItsTime() throws Exception {
    Item plain = item(CONTENT.length(), null);
    ScriptedS3 same = store(r -> part(r).with("Last-Modified", "Tue, 03 Feb 2026 04:05:06 GMT"));
    try (InputStream in = root(same).open(plain, 0)) {
      assertThat(in.readAllBytes()).hasSize(CONTENT.length());
    }
    assertThat(same.requests()).noneMatch(r -> r.headers().containsKey("If-Match"));

    ScriptedS3 other = store(r -> part(r).with("Last-Modified", "Tue, 03 Feb 2026 04:05:07 GMT"));
    assertChanged(() -> root(other).open(plain, 0));
  }

  @Test
  void weakVersion_isComparedButNotSent() throws Exception {
    Item weak = item(CONTENT.length(), "W/\"abc\"");
    ScriptedS3 store = store(r -> part(r).with("ETag", "W/\"abc\""));

    try (InputStream in = root(store).open(weak, 3)) {
      assertThat(in.readAllBytes()).hasSize(CONTENT.length() - 3);
    }
    assertThat(store.requests()).noneMatch(r -> r.headers().containsKey("If-Match"));
  }

  @Test
  void store_thatIgnoresRanges_isNotTakenForTheRemainder() throws Exception {
    ScriptedS3 store =
        store(
            r ->
                asked.incrementAndGet() == 1
                    ? answer(200, CONTENT).endingAfter(40_000, Ending.CUT)
                    : answer(200, CONTENT));

    assertUnavailable(() -> root(store).open(ITEM, 5), "gives whole objects");
    asked.set(0);
    assertUnavailable(() -> read(root(store), 0), "gives whole objects");
  }

  @Test
  void store_thatGivesAnotherPart_isNotTakenForTheRemainder() throws Exception {
    ScriptedS3 store =
        store(
            r ->
                answer(206, CONTENT.substring(0, 99_995))
                    .with("Content-Range", "bytes 0-99994/100000"));
    assertUnavailable(() -> root(store).open(ITEM, 5), "gives another part");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void requester_paysIfSoConfigured(boolean pays) throws Exception {
    ScriptedS3 store = store(S3ContentTest::part);
    Settings settings = Settings.at(store.endpoint()).region("us-east-1");

    read(root(pays ? settings.requesterPays() : settings), 5);

    assertThat(store.requests().get(0).headers().get("x-amz-request-payer"))
        .isEqualTo(pays ? "requester" : null);
  }

  @Test
  void streams_closedInTheMiddle_holdNoConnection() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(1000, Ending.HANG));
    Root root = root(store);

    long start = System.nanoTime();
    for (int i = 0; i < 1200; i++) {
      try (InputStream in = root.open(ITEM, 0)) {
        assertThat(in.readNBytes(1000)).hasSize(1000);
      }
    }

    // Reading the rest would wait half a second each time.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    assertThat(store.requests()).hasSize(1200);
  }

  @Test
  void streams_readToTheEnd_useTheSameConnection() throws Exception {
    ScriptedS3 store = store(S3ContentTest::part);
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
    S3Root root = new S3Root(Settings.at(store.endpoint()).region("us-east-1").get(), patient());
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
  void root_closedWhileWaitingToTryAgain_endsTheStream() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(0, Ending.CUT));
    S3Root root = root(store);
    InputStream in = root.open(ITEM, 0);
    root.close();

    assertUnavailable(in::read, "is not in use any more");
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void reader_thatIsInterrupted_ends() throws Exception {
    ScriptedS3 store = store(S3ContentTest::part);
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
    ScriptedS3 store = store(S3ContentTest::part);
    S3Settings settings = Settings.at(store.endpoint()).region("us-east-1").get();
    Failures failures = new Failures(settings);
    S3Connection connection = new S3Connection(settings, failures, SHORT);
    opened.add(0, connection);

    try (ResponseInputStream<GetObjectResponse> body =
        new ObjectContent(settings, failures, connection.client(), ITEM).from(0)) {
      assertThat(body.hasTimeoutTask()).isFalse();
    }
  }

  @Test
  void body_thatTakesLongerThanACallMay_isReadInOneGo() throws Exception {
    ScriptedS3 store = store(S3ContentTest::part);
    S3Connection.Timeouts hasty =
        new S3Connection.Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(900),
            Duration.ofSeconds(1));
    S3Root root = new S3Root(Settings.at(store.endpoint()).region("us-east-1").get(), hasty);
    opened.add(0, root);

    try (InputStream in = root.open(ITEM, 0)) {
      assertThat(in.readNBytes(10)).hasSize(10);
      new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS);
      assertThat(in.readAllBytes()).hasSize(CONTENT.length() - 10);
    }
    assertThat(store.requests()).hasSize(1);
  }

  private static S3Connection.Timeouts patient() {
    return new S3Connection.Timeouts(
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

  private static String content(int length) {
    StringBuilder text = new StringBuilder(length + 8);
    for (int i = 0; text.length() < length; i++) {
      text.append(i).append(' ');
    }
    return text.substring(0, length);
  }

  private static Item item(long size, @Nullable String version) {
    return new Item(Item.Kind.FILE, "k", "d/k", size, MODIFIED, version);
  }

  /** What a proper store would answer. */
  private static Answer part(Request request) {
    int from = offset(request);
    Answer rest = answer(from == 0 ? 200 : 206, CONTENT.substring(from));
    String range = "bytes " + from + "-" + (CONTENT.length() - 1) + "/" + CONTENT.length();
    return from == 0 ? rest : rest.with("Content-Range", range);
  }

  private static Answer answer(int status, String body) {
    return new Answer(status, Map.of("ETag", "\"abc\""), body);
  }

  private static int offset(Request request) {
    String range = request.headers().getOrDefault("Range", "bytes=0-");
    return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
  }

  private static List<String> ranges(ScriptedS3 store) {
    return store.requests().stream().map(r -> r.headers().getOrDefault("Range", "")).toList();
  }

  private static String read(Root root, long position) throws IOException {
    try (InputStream in = root.open(ITEM, position)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private ScriptedS3 store(Function<Request, Answer> script) throws IOException {
    ScriptedS3 store = new ScriptedS3(script);
    opened.add(store);
    return store;
  }

  private S3Root root(ScriptedS3 store) {
    return root(Settings.at(store.endpoint()).region("us-east-1"));
  }

  private S3Root root(Settings settings) {
    S3Root root = new S3Root(settings.get(), SHORT);
    opened.add(0, root);
    return root;
  }

  private static void assertChanged(ThrowingCallable call) {
    assertFails(call, ErrorCode.CHANGED, "The object 'd/k' changed since the download was made");
  }

  private static void assertUnavailable(ThrowingCallable call, String what) {
    assertFails(call, ErrorCode.STORAGE_UNAVAILABLE, what);
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(LadingException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}
