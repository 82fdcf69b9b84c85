package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lading.testing.SecondLook.isUnchanged;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.LocationEncoding;
import org.lading.testing.HostileNames;
import org.lading.testing.S3Server;

/** The root against a real S3 server; each test has a bucket of its own. */
class S3RootTest {
  private static S3Server server;
  private static int buckets;

  private final String bucket = "bucket" + buckets++;
  private final List<S3Root> opened = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = new S3Server();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  S3RootTest() {
    server.createBucket(bucket);
  }

  @AfterEach
  void closeRoots() {
    opened.forEach(S3Root::close);
  }

  @Test
  void file_byPath_isDescribed() {
    put("dir/a.txt", "hello");
    Item item = root("").file("dir/a.txt");
    assertThat(item.kind()).isEqualTo(Item.Kind.FILE);
    assertThat(item.name()).isEqualTo("a.txt");
    assertThat(item.key()).isEqualTo("dir/a.txt");
    assertThat(item.size()).isEqualTo(5);
    assertThat(item.modified()).isBetween(Instant.now().minusSeconds(600), Instant.now());
    assertThat(item.version()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
  }

  @Test
  void file_belowPrefix_hasTheFullKey() {
    put("my/collection/a.txt", "hello");
    assertThat(root("my/collection").file("/a.txt").key()).isEqualTo("my/collection/a.txt");
    assertThat(root("my/collection/").file("a.txt").key()).isEqualTo("my/collection/a.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../a.txt", "dir/../a.txt", "dir/..", "/..", "a\0b", "a\ud800b"})
  void path_unsafe_isRefused(String path) {
    put("a.txt", "x");
    S3Root root = root("");
    assertInvalid(() -> root.file(path));
    assertInvalid(() -> root.list(path, true, item -> {}));
    assertInvalid(() -> root.directoryName(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "dir/", "dir", "missing.txt", "dir/a.txt/", "//dir/a.txt", "dir/a"})
  void file_thatIsNone_isRefused(String path) {
    put("dir/a.txt", "x");
    assertInvalid(() -> root("").file(path));
  }

  @Test
  void file_thatIsADirectory_isCalledSo() {
    put("dir/a.txt", "x");
    assertThatThrownBy(() -> root("").file("dir"))
        .hasMessage("The path 'dir' is a directory, not a file");
  }

  @Test
  void file_keyLongerThanAnyKey_isMissing() {
    assertInvalid(() -> root("").file("x".repeat(1025)));
    assertInvalid(() -> root("").list("é".repeat(512), true, item -> {}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir", "dir/", "/dir", "/dir/"})
  void directory_recursive_listsEverythingBelowInByteOrder(String path) {
    put("dir/b", "1");
    put("dir/a/z", "22");
    put("dir/a.txt", "333");
    put("dir/é", "4");
    put("dir/\uff41", "5");
    put("dir/\ud83d\ude00", "6");
    put("dirt", "no");
    put("other/x", "no");
    assertThat(list(root(""), path, true))
        .extracting(Item::name)
        .containsExactly("a.txt", "a/z", "b", "é", "\uff41", "\ud83d\ude00");
    assertThat(list(root(""), path, true))
        .extracting(Item::size)
        .containsExactly(3L, 2L, 1L, 1L, 1L, 1L);
  }

  @Test
  void directory_notRecursive_listsOnlyItsOwnFiles() {
    put("dir/b", "1");
    put("dir/a/z", "2");
    put("dir/c.txt", "3");
    assertThat(list(root(""), "dir", false)).extracting(Item::name).containsExactly("b", "c.txt");
  }

  @Test
  void directory_withOnlyDirectories_isEmptyWhenNotRecursive() {
    put("dir/a/z", "2");
    assertThat(list(root(""), "dir", false)).isEmpty();
  }

  @Test
  void directory_listed_hasWhatFileSays() {
    put("p/dir/a.txt", "hello");
    S3Root root = root("p");
    Item listed = list(root, "dir", true).get(0);
    Item asked = root.file("dir/a.txt");
    assertThat(listed.key()).isEqualTo(asked.key());
    assertThat(listed.size()).isEqualTo(asked.size());
    assertThat(listed.version()).isEqualTo(asked.version());
    assertThat(Duration.between(asked.modified(), listed.modified()).abs())
        .isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void directory_missingOrAFile_isRefused() {
    put("dir/a.txt", "x");
    S3Root root = root("");
    assertInvalid(() -> root.list("missing", true, item -> {}));
    assertInvalid(() -> root.list("missing", false, item -> {}));
    assertInvalid(() -> root.list("dir/a.txt", true, item -> {}));
    assertInvalid(() -> root.list("di", true, item -> {}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/"})
  void directory_root_isThePrefixAndAlwaysExists(String path) {
    S3Root root = root("p/q");
    assertThat(list(root, path, true)).isEmpty();
    put("p/q/a/b", "x");
    put("p/other", "x");
    assertThat(list(root, path, true)).extracting(Item::name).containsExactly("a/b");
    assertThat(list(root, path, true)).extracting(Item::key).containsExactly("p/q/a/b");
  }

  @Test
  void markers_ofDirectoriesWithNothingBelow_areEmptyDirectories() {
    put("dir/", "");
    put("dir/empty/", "");
    put("dir/full/", "");
    put("dir/full/a", "x");
    put("dir/outer/", "");
    put("dir/outer/inner/", "");
    List<Item> items = list(root(""), "dir", true);
    assertThat(items).extracting(Item::name).containsExactly("empty", "full/a", "outer/inner");
    assertThat(items)
        .extracting(Item::kind)
        .containsExactly(Item.Kind.EMPTY_DIRECTORY, Item.Kind.FILE, Item.Kind.EMPTY_DIRECTORY);
    assertThat(list(root(""), "dir", false)).isEmpty();
  }

  @Test
  void marker_alone_provesThatTheDirectoryExists() {
    put("dir/", "");
    assertThat(list(root(""), "dir", true)).isEmpty();
    assertThat(list(root(""), "dir", false)).isEmpty();
  }

  @Test
  void directory_ofSeveralPages_isListedCompletely() {
    List<String> names = IntStream.range(0, 2345).mapToObj(i -> "f" + i).sorted().toList();
    names.forEach(name -> put("many/" + name, "x"));
    assertThat(list(root(""), "many", true)).extracting(Item::name).isEqualTo(names);
    assertThat(list(root(""), "many", false)).extracting(Item::name).isEqualTo(names);
  }

  @Test
  void hostileNames_areFoundByListingAndByFile_andTheirLocationsFetchThem() throws Exception {
    S3Root root = root("pre fix+%");
    List<String> names = HostileNames.all();
    names.forEach(name -> put("pre fix+%/d/" + name, "content of " + name));
    List<Item> items = list(root, "d", true);
    List<String> expected = new ArrayList<>(names);
    expected.sort(
        Comparator.comparing(
            name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
    assertThat(items).extracting(Item::name).isEqualTo(expected);
    for (Item item : items) {
      Item asked = root.file("d/" + item.name());
      assertThat(asked.key()).isEqualTo(item.key());
      assertThat(asked.size()).isEqualTo(item.size());
      String location = location(root, item.key(), LocationEncoding.PLAIN);
      assertThat(location).matches("/" + bucket + "/[A-Za-z0-9._~/%-]+\\?[A-Za-z0-9._~%=&-]+");
      assertThat(new String(server.fetch(location), StandardCharsets.UTF_8))
          .isEqualTo("content of " + item.name());
      String exact = location(root, item.key(), LocationEncoding.EXACT);
      assertThat(path(exact)).isEqualTo(path(location).replace("%", "%25"));
    }
  }

  @Test
  void location_altered_isRefusedByTheServer() throws Exception {
    put("a", "x");
    put("b", "y");
    String location = location(root(""), "a", LocationEncoding.PLAIN);
    assertThat(server.status(location)).isEqualTo(200);
    assertThat(server.status(location.replace("/a?", "/b?"))).isEqualTo(403);
  }

  @Test
  void location_ofKey_namesOnlyTheHostHeaderAndNoSecret() {
    String location = location(root(""), "a", LocationEncoding.PLAIN);
    assertThat(location)
        .startsWith("/" + bucket + "/a?")
        .contains("X-Amz-SignedHeaders=host&")
        .contains("X-Amz-Expires=43200")
        .doesNotContain("checksum")
        .doesNotContain(server.secretAccessKey());
  }

  @Test
  void location_withRequesterPays_isSignedInTheQuery() throws Exception {
    put("a", "x");
    S3Root root = open(settings("", server.secretAccessKey(), true));
    String location = location(root, "a", LocationEncoding.PLAIN);
    assertThat(location)
        .contains("x-amz-request-payer=requester")
        .contains("X-Amz-SignedHeaders=host&");
    assertThat(server.status(location)).isEqualTo(200);
    assertThat(server.status(location.replace("=requester", "=someone"))).isEqualTo(403);
  }

  @ParameterizedTest
  @MethodSource("directoryNames")
  void directoryName_ofPath_hasNoSlashAtEitherEnd(String path, String expected) {
    assertThat(root("p").directoryName(path)).isEqualTo(expected);
  }

  static List<Object[]> directoryNames() {
    return List.of(
        new Object[] {"", ""},
        new Object[] {"/", ""},
        new Object[] {"a", "a"},
        new Object[] {"/a/b/", "a/b"},
        new Object[] {"a//", "a"},
        new Object[] {"a//b", "a//b"});
  }

  @Test
  void check_ofBucketThatAnswers_returns() {
    root("nothing/here").check();
  }

  @Test
  void bucket_missing_isUnavailable() {
    S3Root root = open(settings("missing-bucket", "", server.secretAccessKey(), false));
    assertUnavailable(() -> root.file("a"), "does not exist");
    assertUnavailable(() -> root.list("", true, item -> {}), "does not exist");
    assertUnavailable(root::check, "does not exist");
  }

  @Test
  void credentials_wrong_areUnavailableAndNotTold() {
    S3Root root = open(settings("", "wrong-secret", false));
    assertUnavailable(() -> root.file("a"), "does not accept the credentials");
    assertUnavailable(() -> root.list("", true, item -> {}), "does not accept the credentials");
    assertUnavailable(root::check, "does not accept the credentials");
  }

  @Test
  void item_ofS3_needsNoLinkAndIsTakenForUnchanged() {
    S3Root root = root("");
    assertThat(root.name()).isEqualTo("medusa-s3");
    assertThat(isUnchanged(root, "a", 1, Instant.EPOCH)).isTrue();
  }

  private void assertUnavailable(ThrowingCallable call, String what) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
              assertThat(e.sentence())
                  .contains(what)
                  .doesNotContain(server.accessKeyId(), server.secretAccessKey(), "wrong-secret");
            });
  }

  private static void assertInvalid(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING_OR_INVALID_TARGET));
  }

  private void put(String key, String content) {
    server.put(bucket, key, content.getBytes(StandardCharsets.UTF_8));
  }

  private S3Root root(String prefix) {
    return open(settings(prefix, server.secretAccessKey(), false));
  }

  private S3Root open(S3RootSettings settings) {
    S3Root root = new S3Root(settings);
    opened.add(root);
    return root;
  }

  private S3RootSettings settings(String prefix, String secret, boolean requesterPays) {
    return settings(bucket, prefix, secret, requesterPays);
  }

  private static S3RootSettings settings(
      String bucket, String prefix, String secret, boolean requesterPays) {
    return S3RootSettings.builder("medusa-s3", bucket)
        .prefix(prefix)
        .credentials(server.accessKeyId(), secret)
        .endpoint(server.endpoint())
        .pathStyle(true)
        .requesterPays(requesterPays)
        .listConcurrency(16)
        .build();
  }

  private static List<Item> list(S3Root root, String path, boolean recursive) {
    List<Item> items = new ArrayList<>();
    root.list(path, recursive, items::add);
    return items;
  }

  private static String location(S3Root root, String key, LocationEncoding encoding) {
    ByteBuilder line = new ByteBuilder(16);
    root.locations(encoding).append(key, line);
    return line.toString();
  }

  private static String path(String location) {
    return location.substring(0, location.indexOf('?'));
  }
}
