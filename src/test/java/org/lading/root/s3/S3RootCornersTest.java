package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.testing.ListingXml;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** What a store can say that the S3 server of the other tests never says. */
class S3RootCornersTest {
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a//b,   /bucket1/p/a//b",
    "a/./b,  /bucket1/p/a/./b",
    "./b,    /bucket1/p/./b",
    "//b,    /bucket1/p//b",
    "///b,   /bucket1/p///b",
    "a...b,  /bucket1/p/a...b",
    "%2e%2e/b, /bucket1/p/%252e%252e/b"
  })
  void file_withPathThatOthersNormalise_isAskedForAsItIs(String path, String expected)
      throws IOException {
    ScriptedS3 store = store(request -> Answer.object(Map.of()));
    root(store, s -> s.prefix("p")).file(path);
    assertThat(asked(store)).containsExactly(expected);
  }

  @Test
  void file_withSlashFirstAndNoPrefix_isAskedForAsItIs() throws IOException {
    ScriptedS3 store = store(request -> Answer.object(Map.of()));
    assertThat(root(store, s -> s).file("//b").key()).isEqualTo("/b");
    assertThat(asked(store)).containsExactly("/bucket1//b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GLACIER", "DEEP_ARCHIVE"})
  void file_archived_isRefusedByName(String storageClass) throws IOException {
    ScriptedS3 store = archive(Map.of("x-amz-storage-class", storageClass));
    assertInvalid(() -> root(store, s -> s).file("d/a"), "'d/a' is archived");
  }

  @ParameterizedTest
  @CsvSource({"GLACIER, true", "INTELLIGENT_TIERING, true"})
  void file_whoseRestoreIsUnderWay_isRefused(String storageClass, String ongoing)
      throws IOException {
    ScriptedS3 store = archive(restoring(storageClass, ongoing));
    assertInvalid(() -> root(store, s -> s).file("a"), "archived");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GLACIER", "INTELLIGENT_TIERING"})
  void file_restored_isThere(String storageClass) throws IOException {
    ScriptedS3 store = store(r -> Answer.object(restoring(storageClass, "false")));
    assertThat(root(store, s -> s).file("a").size()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GLACIER_IR", "INTELLIGENT_TIERING", "STANDARD_IA", "NEWER_THAN_THE_SDK"})
  void file_ofClassThatIsReadAtOnce_isThere(String storageClass) throws IOException {
    ScriptedS3 store = store(r -> Answer.object(Map.of("x-amz-storage-class", storageClass)));
    assertThat(root(store, s -> s).file("a").version()).isEqualTo("abc");
  }

  @Test
  void listing_ofArchivedObject_asksForItAloneAndRefusesIt() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                r.isListing()
                    ? Answer.ok(listing().object("a", 1).object("b", 1, "GLACIER", "").toString())
                    : archived(r, Map.of("x-amz-storage-class", "GLACIER")));
    assertInvalid(() -> list(root(store, s -> s), "", true), "'b' is archived");
    assertThat(store.requests()).filteredOn(r -> r.path().endsWith("/a")).isEmpty();
  }

  @Test
  void listing_ofRestoredObject_delivers() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                r.isListing()
                    ? Answer.ok(listing().object("b", 1, "GLACIER", "").toString())
                    : Answer.object(restoring("GLACIER", "false")));
    assertThat(list(root(store, s -> s), "", true)).extracting(Item::name).containsExactly("b");
  }

  @Test
  void listing_thatTellsTheRestore_asksNoMore() throws IOException {
    String restored =
        "<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus>";
    ScriptedS3 store =
        store(r -> Answer.ok(listing().object("b", 1, "DEEP_ARCHIVE", restored).toString()));
    assertThat(list(root(store, s -> s), "", true)).hasSize(1);
    assertThat(store.requests()).filteredOn(r -> !r.isListing()).hasSize(1); // the region's
    assertThat(store.requests().get(1).headers())
        .doesNotContainKey("x-amz-optional-object-attributes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listing_outOfOrder_isSorted(boolean recursive) throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(listing().object("b", 1).object("a", 1).toString()));
    assertThat(list(root(store, s -> s), "", recursive))
        .extracting(Item::name)
        .containsExactly("a", "b");
  }

  @Test
  void listing_whosePagesRepeat_isRefused() throws IOException {
    AtomicInteger pages = new AtomicInteger();
    ScriptedS3 store =
        store(
            r ->
                Answer.ok(listing().object("b", 1).next("t" + pages.incrementAndGet()).toString()));
    assertUnavailable(() -> list(root(store, s -> s), "", true), "without end");
  }

  @Test
  void listing_whoseTokenRepeats_isRefused() throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(listing().next("t").toString()));
    assertUnavailable(() -> list(root(store, s -> s), "", true), "without end");
  }

  @Test
  void listing_ofAnotherPlace_isRefused() throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(listing().object("other/a", 1).toString()));
    assertUnavailable(() -> list(root(store, s -> s), "dir", true), "another place");
  }

  @Test
  void listing_withPageWithoutKeys_goesOn() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                Answer.ok(
                    r.query().containsKey("continuation-token")
                        ? listing().object("d/a", 1).toString()
                        : listing().prefix("d/0/").next("t").toString()));
    assertThat(list(root(store, s -> s), "d", false)).extracting(Item::name).containsExactly("a");
  }

  @Test
  void listing_notRecursive_seesNothingDeeperEvenIfTheStoreIgnoresTheDelimiter()
      throws IOException {
    ScriptedS3 store =
        store(r -> Answer.ok(listing().object("d/a/b", 1).object("d/c", 1).toString()));
    assertThat(list(root(store, s -> s), "d", false)).extracting(Item::name).containsExactly("c");
  }

  @Test
  void listing_ofDirectoryNameWithContent_isRefusedByName() throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(listing().object("d/x/", 7).toString()));
    assertInvalid(() -> list(root(store, s -> s), "d", true), "'d/x/' has content");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d/../x", "d/..", "d/a\0b"})
  void listing_ofKeyThatCouldNotBeAskedFor_isRefusedByName(String key) throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(listing().object(key, 7).toString()));
    assertInvalid(() -> list(root(store, s -> s), "d", true), "The object 'd/");
  }

  @Test
  void markers_acrossPages_areEmptyOnlyIfTheNextKeySaysSo() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                Answer.ok(
                    r.query().containsKey("continuation-token")
                        ? listing().object("a/b", 1).object("c/", 0).toString()
                        : listing().object("a/", 0).next("t").toString()));
    assertThat(list(root(store, s -> s), "", true))
        .extracting(Item::name)
        .containsExactly("a/b", "c");
  }

  @Test
  void markers_withoutName_areNothing() throws IOException {
    ScriptedS3 store =
        store(r -> Answer.ok(listing().object("/", 0).object("a/", 0).object("a//", 0).toString()));
    assertThat(list(root(store, s -> s), "", true)).extracting(Item::name).containsExactly("a");
  }

  @Test
  void keys_withEmptySegments_keepThem() throws IOException {
    ScriptedS3 store =
        store(r -> Answer.ok(listing().object("d/./a", 1).object("d//b", 1).toString()));
    assertThat(list(root(store, s -> s), "d", true))
        .extracting(Item::name)
        .containsExactly("./a", "/b");
  }

  @Test
  void marker_archived_isADirectoryAllTheSame() throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(listing().object("a/", 0, "GLACIER", "").toString()));
    assertThat(list(root(store, s -> s), "", true))
        .extracting(Item::kind)
        .containsExactly(Item.Kind.EMPTY_DIRECTORY);
  }

  @Test
  void sink_thatFails_endsTheListingWithItsOwnException() throws IOException {
    ScriptedS3 store = store(r -> Answer.ok(listing().object("a", 1).toString()));
    IllegalStateException thrown = new IllegalStateException("full");
    assertThatThrownBy(
            () ->
                root(store, s -> s)
                    .list(
                        "",
                        true,
                        item -> {
                          throw thrown;
                        }))
        .isSameAs(thrown);
  }

  @Test
  void requesterPays_isSaidInEveryRequest() throws IOException {
    ScriptedS3 store =
        store(
            r ->
                r.isListing()
                    ? Answer.ok(listing().object("a", 1).toString())
                    : Answer.object(Map.of()));
    S3Root root = root(store, s -> s.region("eu-west-1").requesterPays(true));
    root.file("a");
    list(root, "", true);
    assertThat(store.requests())
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.headers()).containsEntry("x-amz-request-payer", "requester"));
  }

  @Test
  void requests_carryNoChecksumOfTheSdk() throws IOException {
    ScriptedS3 store = store(r -> Answer.object(Map.of()));
    root(store, s -> s).file("a");
    assertThat(store.requests())
        .allSatisfy(
            r ->
                assertThat(r.headers().keySet())
                    .noneMatch(
                        name -> name.toLowerCase(java.util.Locale.ROOT).contains("checksum")));
  }

  /** A store whose objects can be found, and not read. */
  private ScriptedS3 archive(Map<String, String> headers) throws IOException {
    return store(r -> archived(r, headers));
  }

  private static Answer archived(Request request, Map<String, String> headers) {
    return request.method().equals("HEAD")
        ? Answer.object(headers)
        : Answer.error(403, "InvalidObjectState");
  }

  private static Map<String, String> restoring(String storageClass, String ongoing) {
    Map<String, String> headers = new HashMap<>();
    headers.put("x-amz-storage-class", storageClass);
    headers.put(
        "x-amz-restore",
        "ongoing-request=\"" + ongoing + "\", expiry-date=\"Fri, 21 Dec 2029 00:00:00 GMT\"");
    if (storageClass.equals("INTELLIGENT_TIERING")) {
      headers.put("x-amz-archive-status", "ARCHIVE_ACCESS");
    }
    return headers;
  }

  private static ListingXml listing() {
    return new ListingXml();
  }

  /** Paths of objects; the SDK's HTTP client sends the second of two slashes encoded. */
  private static List<String> asked(ScriptedS3 store) {
    return store.requests().stream()
        .map(Request::path)
        .filter(path -> path.length() > "/bucket1/".length())
        .map(path -> path.replace("/%2F", "//"))
        .toList();
  }

  private static List<Item> list(S3Root root, String path, boolean recursive) {
    List<Item> items = new ArrayList<>();
    root.list(path, recursive, items::add);
    return items;
  }

  private ScriptedS3 store(Function<Request, Answer> script) throws IOException {
    ScriptedS3 store = new ScriptedS3(script);
    opened.add(store);
    return store;
  }

  private S3Root root(ScriptedS3 store, UnaryOperator<S3RootSettings.Builder> change) {
    S3Root root = new S3Root(change.apply(TestSettings.at(store.endpoint())).build());
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
        .hasMessageContaining(what);
  }
}
