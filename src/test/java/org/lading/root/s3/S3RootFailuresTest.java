package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.LocationEncoding;
import org.lading.testing.ListingXml;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** Stores that refuse, hang, break or live in another region. */
class S3RootFailuresTest {
  private static final S3Clients.Timeouts SHORT =
      new S3Clients.Timeouts(
          Duration.ofMillis(200),
          Duration.ofMillis(200),
          Duration.ofMillis(300),
          Duration.ofSeconds(5));

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidAccessKeyId,    does not accept the credentials",
    "SignatureDoesNotMatch, does not accept the credentials",
    "ExpiredToken,          does not accept the credentials",
    "RequestTimeTooSkewed,  clock",
    "AccountProblem,        refused the request"
  })
  void head_forbiddenBecauseOfTheCredentials_isUnavailable(String code, String what)
      throws IOException {
    ScriptedS3 store = store(r -> Answer.error(403, code));
    assertUnavailable(() -> root(store).file("a"), what);
    assertUnavailable(() -> root(store).list("d", true, item -> {}), what);
    assertUnavailable(() -> root(store).check(), what);
  }

  @Test
  void head_badRequestBecauseOfTheToken_isUnavailable() throws IOException {
    ScriptedS3 store = store(r -> Answer.error(400, "ExpiredToken"));
    assertUnavailable(() -> root(store).file("a"), "does not accept the credentials");
  }

  @Test
  void head_forbiddenForThisKey_mayBeMissing() throws IOException {
    ScriptedS3 store = store(r -> Answer.error(403, "AccessDenied"));
    assertInvalid(() -> root(store).file("a"), "'a' is not there or may not be read");
    assertInvalid(() -> root(store).list("d", true, item -> {}), "'d' is not there or may not");
    assertUnavailable(() -> root(store).check(), "refused the request");
  }

  @Test
  void head_forbiddenThoughTheBucketMayBeListed_isInvalid() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                r.isListing()
                    ? Answer.ok(new ListingXml().toString())
                    : Answer.error(403, "AccessDenied"));
    assertInvalid(() -> root(store).file("a"), "may not be read");
  }

  @Test
  void head_badRequestForThisKey_isInvalid() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                r.isListing()
                    ? Answer.ok(new ListingXml().toString())
                    : Answer.error(400, "InvalidRequest"));
    assertInvalid(() -> root(store).file("a"), "'a' cannot be read");
  }

  @Test
  void head_ofMissingKey_isInvalidEvenIfNothingMayBeListed() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                r.isListing() ? Answer.error(403, "AccessDenied") : Answer.error(404, "NoSuchKey"));
    assertInvalid(() -> inRegion(store).file("a"), "'a' is not there");
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalError, is out of order",
    "503, SlowDown, is asked too often",
    "503, ServiceUnavailable, is out of order",
    "301, PermanentRedirect, is in another region"
  })
  void store_thatFails_isUnavailable(int status, String code, String what) throws IOException {
    ScriptedS3 store = store(r -> Answer.error(status, code));
    assertUnavailable(() -> inRegion(store).list("", true, item -> {}), what);
  }

  @Test
  void head_serverError_isUnavailableAfterThreeAttempts() throws IOException {
    ScriptedS3 store = store(r -> Answer.error(500, "InternalError"));
    assertUnavailable(() -> inRegion(store).file("a"), "is out of order");
    assertThat(store.requests()).hasSize(3);
  }

  @Test
  void store_thatHangs_isUnavailable() throws IOException {
    ScriptedS3 store = store(r -> Answer.hang());
    S3Root root = inRegion(store);
    assertUnavailable(() -> root.file("a"), "did not answer");
    assertUnavailable(() -> root.list("", true, item -> {}), "did not answer");
    assertUnavailable(root::check, "did not answer");
    assertUnavailable(() -> root(store).file("a"), "did not answer");
  }

  @Test
  void store_thatIsNotThere_isUnavailable() throws IOException {
    URI endpoint;
    try (ScriptedS3 gone = new ScriptedS3(r -> Answer.hang())) {
      endpoint = gone.endpoint();
    }
    S3Root root = open(TestSettings.at(endpoint).region("us-east-1"));
    assertUnavailable(() -> root.file("a"), "did not answer");
    assertUnavailable(root::check, "did not answer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no xml", "<ListBucketResult><Contents>", "<html>proxy</html>"})
  void store_thatTalksNonsense_isUnavailable(String body) throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(body));
    assertUnavailable(() -> inRegion(store).list("", true, item -> {}), "");
    assertUnavailable(() -> inRegion(store).check(), "");
  }

  @Test
  void store_thatLeavesTheKeyOut_isUnavailable() throws IOException {
    String listing =
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents></ListBucketResult>";
    ScriptedS3 store = store(r -> Answer.ok(listing));
    assertUnavailable(() -> inRegion(store).list("", true, item -> {}), "incomplete");
  }

  @Test
  void credentials_echoedByTheStore_areInNoSentence() throws IOException {
    String message = TestSettings.SECRET + " " + TestSettings.KEY_ID + " X-Amz-Signature=0";
    ScriptedS3 store =
        store(
            r ->
                new Answer(
                    403,
                    Map.of(),
                    "<Error><Code>"
                        + message
                        + "</Code><Message>"
                        + message
                        + "</Message></Error>"));
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> inRegion(store).file("a"),
            () -> inRegion(store).list("d", true, item -> {}),
            () -> inRegion(store).check())) {
      assertThatThrownBy(call)
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .doesNotContain(TestSettings.SECRET, TestSettings.KEY_ID, "X-Amz"));
    }
  }

  @Test
  void listing_ofPathThatTheStoreCannotHave_isInvalid() throws IOException {
    ScriptedS3 store = store(r -> Answer.error(400, "InvalidArgument"));
    assertInvalid(() -> inRegion(store).list("d//e", true, item -> {}), "'d//e' is not there");
    assertUnavailable(() -> inRegion(store).list("", true, item -> {}), "refused the request");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 301, 400, 403})
  void region_leftOut_isWhatTheBucketSays(int status) throws IOException {
    Map<String, String> headers = Map.of("x-amz-bucket-region", "eu-central-1");
    ScriptedS3 store =
        store(r -> isHeadBucket(r) ? new Answer(status, headers, "") : Answer.object(Map.of()));
    S3Root root = root(store);
    assertThat(location(root)).contains("%2Feu-central-1%2Fs3%2F");
    root.file("a");
    root.file("b");
    assertThat(store.requests()).filteredOn(S3RootFailuresTest::isHeadBucket).hasSize(1);
    assertThat(store.requests().get(2).headers().get("Authorization"))
        .contains("/eu-central-1/s3/");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 403})
  void region_notSaidByACompatibleStore_isTheFallback(int status) throws IOException {
    ScriptedS3 store = store(r -> new Answer(status, Map.of(), ""));
    assertThat(location(root(store))).contains("%2Fus-east-1%2Fs3%2F");
  }

  @Test
  void region_configured_isNotAskedFor() throws IOException {
    ScriptedS3 store = store(r -> Answer.object(Map.of()));
    S3Root root = open(TestSettings.at(store.endpoint()).region("ap-south-1"));
    assertThat(location(root)).contains("%2Fap-south-1%2Fs3%2F");
    assertThat(store.requests()).noneMatch(S3RootFailuresTest::isHeadBucket);
  }

  @Test
  void region_discoveryThatFailed_isTriedAgain() throws IOException {
    AtomicInteger heads = new AtomicInteger();
    ScriptedS3 store =
        store(
            r ->
                isHeadBucket(r) && heads.incrementAndGet() == 1
                    ? Answer.error(404, "NoSuchBucket")
                    : Answer.object(Map.of()));
    S3Root root = root(store);
    assertUnavailable(() -> root.file("a"), "");
    assertThat(root.file("a").size()).isEqualTo(5);
    root.file("a");
    assertThat(heads).hasValue(2);
  }

  @Test
  void close_afterUse_leavesNoThread() throws Exception {
    await(() -> sdkThreads().isEmpty());
    ScriptedS3 store = store(r -> Answer.object(Map.of()));
    S3Root root = root(store);
    root.file("a");
    location(root);
    assertThat(sdkThreads()).isNotEmpty();
    root.close();
    await(() -> sdkThreads().isEmpty());
    assertThatThrownBy(() -> root.file("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rootWithoutCredentials_saysSo_andWhatGivesThem() throws Exception {
    String noMachine = "aws.disableEc2Metadata";
    System.setProperty(noMachine, "true");
    try (S3Root root =
        new S3Root(
            S3RootSettings.builder("r", "b")
                .region("us-east-1")
                .endpoint(URI.create("http://127.0.0.1:1"))
                .build())) {
      assertThatThrownBy(root::check)
          .isInstanceOf(LadingException.class)
          .hasMessageContaining("without credentials: set aws_access_key_id")
          .hasNoCause();
    } finally {
      System.clearProperty(noMachine);
    }
  }

  @Test
  void close_ofRootWithTheDefaultChain_leavesNoThread() throws Exception {
    await(() -> sdkThreads().isEmpty());
    new S3Root(S3RootSettings.builder("r", "b").build()).close();
    await(() -> sdkThreads().isEmpty());
  }

  private static Set<String> sdkThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains("connection-reaper") || name.startsWith("sdk-"))
        .collect(Collectors.toSet());
  }

  /** Threads end a moment after they were told to. */
  private static void await(Supplier<Boolean> condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.get()) {
      assertThat(System.nanoTime()).as(() -> "still there: " + sdkThreads()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static boolean isHeadBucket(Request request) {
    return request.method().equals("HEAD") && !request.path().substring(1).contains("/");
  }

  private static String location(S3Root root) {
    ByteBuilder line = new ByteBuilder(16);
    root.locations(LocationEncoding.PLAIN).append("a", line);
    return line.toString();
  }

  private ScriptedS3 store(Function<Request, Answer> script) throws IOException {
    ScriptedS3 store = new ScriptedS3(script);
    opened.add(store);
    return store;
  }

  private S3Root root(ScriptedS3 store) {
    return open(TestSettings.at(store.endpoint()));
  }

  private S3Root inRegion(ScriptedS3 store) {
    return open(TestSettings.at(store.endpoint()).region("us-east-1"));
  }

  private S3Root open(S3RootSettings.Builder settings) {
    S3Root root = new S3Root(settings.build(), SHORT);
    opened.add(0, root);
    return root;
  }

  private static void assertInvalid(ThrowingCallable call, String what) {
    assertFails(call, ErrorCode.MISSING_OR_INVALID_TARGET, what);
  }

  private static void assertUnavailable(ThrowingCallable call, String what) {
    assertFails(call, ErrorCode.STORAGE_UNAVAILABLE, what);
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code, String what) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(LadingException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(what)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("words of the store"));
  }
}
