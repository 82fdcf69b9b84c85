package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.testing.ListingXml;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** Stores of which many keys are asked at once, and which are not as S3 is. */
class S3RootFarTest {
  private static final int KEYS = 5000;
  private static final int PAGE = 100;

  private final List<String> keys =
      IntStream.range(0, KEYS).mapToObj("d/scan-%05d.tif"::formatted).toList();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  @Test
  void store_thatBeginsWhereItIsAsked_isAskedForSeveralPagesAtOnce() throws IOException {
    ScriptedS3 store = store(request -> page(request, request.query().get("start-after")));
    assertThat(list(root(store))).isEqualTo(keys);
    assertThat(startAfters(store)).isGreaterThan(10);
  }

  @Test
  void store_thatIgnoresWhereToBegin_isListedPageAfterPageFromThenOn() throws IOException {
    ScriptedS3 store = store(request -> page(request, null));
    S3Root root = root(store);
    assertThat(list(root)).isEqualTo(keys);
    long tried = startAfters(store);
    assertThat(tried).isPositive();
    assertThat(list(root)).isEqualTo(keys);
    assertThat(startAfters(store)).isEqualTo(tried);
  }

  @Test
  void store_thatRefusesKeysThatAreNotThere_givesEachKeyOnce() throws IOException {
    ScriptedS3 store =
        store(
            request -> {
              String after = request.query().get("start-after");
              return after == null || keys.contains(after)
                  ? page(request, after)
                  : Answer.error(400, "InvalidArgument");
            });
    assertThat(list(root(store))).isEqualTo(keys);
    assertThat(startAfters(store)).isPositive();
  }

  @Test
  void store_thatAnswersNothingBehindKeysThatAreNotThere_givesEachKeyOnce() throws IOException {
    ScriptedS3 store =
        store(
            request -> {
              String after = request.query().get("start-after");
              return after == null || keys.contains(after)
                  ? page(request, after)
                  : Answer.ok(new ListingXml().toString());
            });
    assertThat(list(root(store))).isEqualTo(keys);
    assertThat(startAfters(store)).isPositive();
  }

  @Test
  void latency_isMeasured_andMoreThanAssumedOnlyAfterSeveralCalls() throws IOException {
    Duration late = Root.ASSUMED_LATENCY.plusMillis(20);
    S3Root root =
        root(
            store(
                request -> {
                  LockSupport.parkNanos(late.toNanos());
                  return page(request, null);
                }));
    assertThat(root.latency()).isEqualTo(Root.ASSUMED_LATENCY);
    root.check();
    assertThat(root.latency()).isEqualTo(Root.ASSUMED_LATENCY);
    for (int call = 2; call <= 8; call++) {
      root.check();
    }
    assertThat(root.latency()).isGreaterThanOrEqualTo(late);
  }

  @Test
  void files_ofAStoreThatDoesNotAnswer_areGivenUpSoon() throws IOException {
    ScriptedS3 store = store(request -> Answer.error(400, "ExpiredToken"));
    List<String> paths = IntStream.range(0, 500).mapToObj(i -> i + "/a").toList();
    assertThatThrownBy(() -> root(store).files(paths, item -> {}))
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
    assertThat(store.requests()).hasSizeLessThan(150);
  }

  @Test
  void files_behindTheFirstThatIsMissing_areHardlyLookedFor() throws IOException {
    ScriptedS3 store =
        store(
            request ->
                request.isListing()
                    ? Answer.ok(new ListingXml().toString())
                    : Answer.error(404, "NoSuchKey"));
    List<String> paths = IntStream.range(0, 500).mapToObj(i -> "%03d/a".formatted(i)).toList();
    assertThatThrownBy(() -> root(store).files(paths, item -> {}))
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING_OR_INVALID_TARGET))
        .hasMessageContaining("'000/a' is not there");
    assertThat(store.requests()).hasSizeLessThan(150);
  }

  @Test
  void files_ofAClassThatListingsDoNotTellAllOf_areAskedForThemselves() throws IOException {
    ScriptedS3 store =
        store(
            request -> {
              if (request.method().equals("GET") && !request.isListing()) {
                return Answer.error(403, "InvalidObjectState");
              }
              if (!request.isListing()) {
                return Answer.object(
                    Map.of(
                        "x-amz-storage-class", "INTELLIGENT_TIERING",
                        "x-amz-archive-status", "ARCHIVE_ACCESS"));
              }
              ListingXml listing = new ListingXml();
              keys.subList(0, 60).forEach(key -> listing.object(key, 1, "INTELLIGENT_TIERING", ""));
              return Answer.ok(listing.toString());
            });
    assertThatThrownBy(() -> root(store).files(keys.subList(0, 60), item -> {}))
        .hasMessageContaining("is archived");
  }

  @Test
  void store_thatFailsInTheMiddle_givesWhatComesBeforeAndIsSaidToBeUnavailable()
      throws IOException {
    ScriptedS3 store =
        store(
            request -> {
              String body = page(request, request.query().get("start-after")).body();
              return body.contains("02500") ? Answer.error(400, "ExpiredToken") : Answer.ok(body);
            });
    List<String> found = new ArrayList<>();
    assertThatThrownBy(() -> root(store).list("d", true, item -> found.add(item.key())))
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
    assertThat(found).hasSizeLessThanOrEqualTo(2500).isEqualTo(keys.subList(0, found.size()));
  }

  @Test
  void files_ofAStoreThatMayNotBeListed_areAskedForOneByOne() throws IOException {
    ScriptedS3 store =
        store(
            request ->
                request.isListing() ? Answer.error(403, "AccessDenied") : Answer.object(Map.of()));
    List<String> found = new ArrayList<>();
    root(store).files(keys.subList(0, 60), item -> found.add(item.key()));
    assertThat(found).isEqualTo(keys.subList(0, 60));
  }

  @Test
  void files_thatAListingSaysAreArchived_areAskedForThemselves() throws IOException {
    ScriptedS3 store =
        store(
            request -> {
              if (!request.isListing()) {
                return Answer.object(Map.of());
              }
              ListingXml listing = new ListingXml();
              keys.subList(0, 60).forEach(key -> listing.object(key, 1, "GLACIER", ""));
              return Answer.ok(listing.toString());
            });
    List<Item> found = new ArrayList<>();
    root(store).files(keys.subList(0, 60), found::add);
    assertThat(found).hasSize(60).allMatch(item -> item.size() == 5);
  }

  private Answer page(Request request, String startAfter) {
    String token = request.query().get("continuation-token");
    String after = Objects.requireNonNullElse(token != null ? token : startAfter, "");
    int from = (int) keys.stream().filter(key -> key.compareTo(after) <= 0).count();
    int to = Math.min(KEYS, from + PAGE);
    ListingXml listing = new ListingXml();
    if (request.query().containsKey("delimiter") && request.query().get("prefix").isEmpty()) {
      return Answer.ok(listing.prefix("d/").toString());
    }
    keys.subList(from, to).forEach(key -> listing.object(key, 1));
    return Answer.ok((to < KEYS ? listing.next(keys.get(to - 1)) : listing).toString());
  }

  private static long startAfters(ScriptedS3 store) {
    return store.requests().stream().filter(r -> r.query().containsKey("start-after")).count();
  }

  private static List<String> list(S3Root root) {
    List<String> found = new ArrayList<>();
    root.list("d", true, item -> found.add(item.key()));
    return found;
  }

  private ScriptedS3 store(Function<Request, Answer> script) throws IOException {
    ScriptedS3 store = new ScriptedS3(script);
    opened.add(store);
    return store;
  }

  private S3Root root(ScriptedS3 store) {
    S3Root root = new S3Root(TestSettings.at(store.endpoint()).region("us-east-1").build());
    opened.add(0, root);
    return root;
  }
}
