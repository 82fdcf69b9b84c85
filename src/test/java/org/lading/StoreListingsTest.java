package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.OddBucket;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;

/** Stores whose listings differ from those of AWS in what the protocol leaves open, or more. */
class StoreListingsTest {
  private static final int ROOTS = 60;
  private static final Map<String, OddBucket> buckets = new ConcurrentHashMap<>();
  private static final AtomicInteger used = new AtomicInteger();

  @TempDir static Path directory;
  private static ScriptedS3 store;
  private static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    store = new ScriptedS3(r -> buckets.get(r.path().split("/", 3)[1]).answer(r));
    // What a root has learned of its store stays, so that each test has one of its own.
    String roots =
        IntStream.range(0, ROOTS)
            .mapToObj(
                i ->
                    store
                        .root()
                        .replace("name: s3", "name: r" + i)
                        .replace("content", "bucket-" + i))
            .collect(Collectors.joining());
    server = LadingServer.start(directory, "roots:\n" + roots);
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  static Stream<Arguments> orders() {
    Comparator<String> bySegment =
        Comparator.comparing(key -> key.replace('/', '\0'), Comparator.naturalOrder());
    return Stream.of(
        Arguments.of("UTF-16 units", Comparator.<String>naturalOrder()),
        Arguments.of("path segments", bySegment),
        Arguments.of("descending", Comparator.<String>reverseOrder()),
        Arguments.of("length", Comparator.comparing(String::length).thenComparing(bySegment)),
        Arguments.of(
            "none",
            Comparator.<String, Integer>comparing(k -> k.hashCode() * 31).thenComparing(k -> k)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("orders")
  void listing_inAnotherOrder_makesTheSameArchiveAsInThatOfBytes(
      String name, Comparator<String> order) throws IOException {
    List<String> keys =
        List.of("a", "b-1/x", "b/x", "b/y/z", "b/\uFF21", "b/😀", "b.txt", "c/d/e", "c/d-e", "z");
    for (int page : new int[] {1000, 3}) {
      OddBucket odd = OddBucket.of(keys.toArray(String[]::new)).marker("b/").marker("c/f/");
      Map<String, String> found = archive(odd.ordered(order).paged(page));
      Map<String, String> expected = new HashMap<>();
      keys.forEach(key -> expected.put(key, key));
      expected.put("c/f/", "");
      assertThat(found).isEqualTo(expected);
      if (page == 1000) {
        assertThat(List.copyOf(found.keySet()))
            .isSortedAccordingTo(StoreListingsTest::compareBytes);
      }
    }
  }

  @Test
  void listing_inAnotherOrder_isSortedFromThenOn() throws IOException {
    OddBucket odd = OddBucket.of("a/x", "a-b", "b").paged(1).ordered(Comparator.reverseOrder());
    String root = root(odd);
    archive(root);
    assertThat(archive(root).keySet()).containsExactly("a-b", "a/x", "b");
  }

  @Test
  void listing_inAnotherOrder_givesTheFilesOfOneDirectory() throws IOException {
    OddBucket odd = OddBucket.of("d/a/x", "d/a-b", "d/c").ordered(Comparator.reverseOrder());
    String request =
        "{'root': '%s', 'targets': [{'type': 'directory', 'path': 'd', 'recursive': false}]}";
    assertThat(contents(server.create(request.formatted(root(odd)))).keySet())
        .containsExactly("d/a-b", "d/c");
  }

  @Test
  void listing_ofMoreNamesThanAreSorted_isRefusedForGood() throws IOException {
    String[] keys =
        IntStream.rangeClosed(0, 50_000).mapToObj("%05d"::formatted).toArray(String[]::new);
    OddBucket odd = OddBucket.of(keys).paged(2000).ordered(Comparator.reverseOrder());
    Reply refused = create(root(odd));
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.text()).contains("order", "50000 names");
    assertThat(refused.header("Retry-After")).isNull();
  }

  @Test
  void page_withoutKeys_isNotTheEnd() throws IOException {
    OddBucket odd = OddBucket.of("a", "b", "c").paged(1).withEmptyPages();
    assertThat(archive(odd).keySet()).containsExactly("a", "b", "c");
  }

  @Test
  void pageThatBeginsWithTheLastKey_addsNothingTwice() throws IOException {
    OddBucket odd = OddBucket.of("a", "b", "c", "d").paged(2);
    odd.listed(xml -> xml.contains("<Key>c<") ? object("b").apply(xml) : xml);
    assertThat(archive(odd).keySet()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void tokensThatLeadInACircle_areRefused() throws IOException {
    OddBucket odd = OddBucket.of("a", "b", "c").paged(1);
    odd.listed(
        xml ->
            xml.replace(
                "<IsTruncated>false",
                "<NextContinuationToken>a</NextContinuationToken><IsTruncated>true"));
    assertThat(create(root(odd)).text()).contains("without end");
  }

  @Test
  void tokensWithoutEnd_areRefused() throws IOException {
    AtomicInteger next = new AtomicInteger();
    OddBucket odd = OddBucket.of("a");
    odd.listed(
        xml ->
            "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>"
                + next.incrementAndGet()
                + "</NextContinuationToken></ListBucketResult>");
    assertThat(create(root(odd)).text()).contains("without end");
  }

  @Test
  void markersOfDirectories_areNoFiles() throws IOException {
    OddBucket odd =
        OddBucket.of("a/x", "a-b", "h/x", "e")
            .marker("a")
            .marker("a-b.txt")
            .marker("h_$folder$")
            .marker("s/")
            .marker("z");
    assertThat(archive(odd).keySet())
        .containsExactly("a-b", "a-b.txt", "a/x", "e", "h/x", "s/", "z");
  }

  @Test
  void plus_isOneWhereSpacesAreEncodedInAnotherWay() throws IOException {
    OddBucket odd =
        OddBucket.of("1+1 = 2").listed(xml -> xml.replace("+", "%20").replace("%2B", "+"));
    assertThat(archive(odd).keySet()).containsExactly("1+1 = 2");
  }

  static Stream<Arguments> waysOfWriting() {
    String end = "<IsTruncated>false</IsTruncated>";
    return Stream.of(
        Arguments.of(
            "a line before the declaration",
            (UnaryOperator<String>) xml -> "\n" + declared("UTF-8") + xml),
        Arguments.of("utf8", (UnaryOperator<String>) xml -> declared("utf8") + xml),
        Arguments.of("UTF_8", (UnaryOperator<String>) xml -> declared("UTF_8") + xml),
        Arguments.of(
            "spaces around numbers",
            (UnaryOperator<String>)
                xml -> xml.replace("<Size>", "<Size>\n ").replace("</Size>", " </Size>")),
        Arguments.of(
            "spaces around a boolean",
            (UnaryOperator<String>)
                xml ->
                    xml.replaceAll(
                        "<IsTruncated>(.*)</IsTruncated>", "<IsTruncated> $1\n</IsTruncated>")),
        Arguments.of(
            "capitals",
            (UnaryOperator<String>)
                xml -> xml.replace(">true<", ">True<").replace(">false<", ">False<")),
        Arguments.of(
            "no IsTruncated where it is false",
            (UnaryOperator<String>) xml -> xml.replace(end, "")),
        Arguments.of(
            "no IsTruncated",
            (UnaryOperator<String>) xml -> xml.replaceAll("<IsTruncated>.*</IsTruncated>", "")),
        Arguments.of("no size", without("Size")),
        Arguments.of("an empty size", with("Size", "")),
        Arguments.of("a size of -1", with("Size", "-1")),
        Arguments.of("a size over 2^63", with("Size", "99999999999999999999")),
        Arguments.of("no ETag", without("ETag")),
        Arguments.of("no time", without("LastModified")),
        Arguments.of("an empty time", with("LastModified", "")),
        Arguments.of("seconds for a time", with("LastModified", "1770091506")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysOfWriting")
  void listing_inAnotherForm_losesNothing(String name, UnaryOperator<String> way)
      throws IOException {
    OddBucket odd =
        OddBucket.of("a", "b", "d/c", "f").marker("e").marker("g/").paged(2).listed(way);
    assertThat(archive(odd))
        .isEqualTo(Map.of("a", "a", "b", "b", "d/c", "d/c", "e", "", "f", "f", "g/", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "perhaps"})
  void listing_thatDoesNotTellWhetherItEnds_isRefused(String truncated) throws IOException {
    OddBucket odd = OddBucket.of("a", "b", "c").paged(2);
    odd.listed(
        xml ->
            xml.replaceAll(
                "<IsTruncated>.*</IsTruncated>", "<IsTruncated>" + truncated + "</IsTruncated>"));
    assertThat(create(root(odd)).status()).isEqualTo(503);
  }

  @Test
  void page_ofAPortal_isRefused() throws IOException {
    OddBucket odd = OddBucket.of("a").listed(xml -> "<html><body>Log in</body></html>");
    assertThat(create(root(odd)).text()).contains("did not answer with a listing");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-02-03T04:05:06+00:00, 2026-02-03T04:05:06Z",
    "2026-02-03T04:05:06, 2026-02-03T04:05:06Z",
    "2026-02-03 04:05:06.123 +0000 UTC, 2026-02-03T04:05:06Z",
    "'Tue, 03 Feb 2026 04:05:06 GMT', 2026-02-03T04:05:06Z",
    "0000-01-01T00:00:00Z, 1980-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z, 1980-01-01T00:00:00Z",
    "2345-06-07T00:00:00Z, 2107-12-31T23:59:58Z",
    "+99999-01-01T00:00:00Z, 2107-12-31T23:59:58Z",
    "99999-01-01T00:00:00Z, 2026-02-03T04:05:06Z"
  })
  void time_ofAnyForm_isThatOfTheFile(String listed, String expected) throws IOException {
    byte[] archive = bytes(create(root(OddBucket.of("a").listed(with("LastModified", listed)))));
    // Of the central directory's DOS time, which all readers take if there is no other.
    int directory =
        IntStream.range(0, archive.length - 4)
            .filter(
                i ->
                    archive[i] == 'P'
                        && archive[i + 1] == 'K'
                        && archive[i + 2] == 1
                        && archive[i + 3] == 2)
            .findFirst()
            .orElseThrow();
    int time = number(archive, directory + 12);
    int date = number(archive, directory + 14);
    assertThat(
            "%04d-%02d-%02dT%02d:%02d:%02dZ"
                .formatted(
                    1980 + (date >> 9),
                    date >> 5 & 15,
                    date & 31,
                    time >> 11,
                    time >> 5 & 63,
                    (time & 31) * 2))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-02-03T04:05:06Z", "yesterday", ""})
  void timeOfAHead_ofAnyForm_refusesNoFile(String header) throws IOException {
    OddBucket odd = OddBucket.of("a").headed(head -> head.with("Last-Modified", header));
    String request = "{'root': '%s', 'targets': [{'type': 'file', 'path': 'a'}]}";
    assertThat(contents(server.create(request.formatted(root(odd))))).containsEntry("a", "a");
  }

  @Test
  void sizeThatNothingTells_isRefusedByName() throws IOException {
    OddBucket odd = OddBucket.of("a").listed(without("Size"));
    odd.headed(head -> head.with("Content-Length", "99999999999999999999"));
    assertThat(create(root(odd)).status()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void objectOfAnArchivesClass_thatTheStoreReads_isInTheArchive() throws IOException {
    OddBucket odd = OddBucket.of("a", "b").marker("c").listed(with("StorageClass", "GLACIER"));
    odd.headed(head -> head.with("x-amz-storage-class", "GLACIER"));
    odd.got(got -> got.body().isEmpty() ? Answer.error(416, "InvalidRange") : got);
    String root = root(odd);
    assertThat(create(root).status()).isEqualTo(201);
    odd.got(got -> Answer.error(403, "InvalidObjectState"));
    assertThat(create(root).text()).contains("'a' is archived");
  }

  private static String declared(String encoding) {
    return "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>\n";
  }

  private static UnaryOperator<String> with(String element, String value) {
    return xml -> xml.replaceAll("(<%1$s>).*?(</%1$s>)".formatted(element), "$1" + value + "$2");
  }

  private static UnaryOperator<String> without(String element) {
    return xml -> xml.replaceAll("<%1$s>.*?</%1$s>".formatted(element), "");
  }

  private static UnaryOperator<String> object(String key) {
    return xml ->
        xml.replaceFirst(
            "<Contents>",
            "<Contents><Key>%s</Key><LastModified>2026-02-03T04:05:06.000Z</LastModified><Size>1</Size></Contents><Contents>"
                .formatted(key));
  }

  private static String root(OddBucket bucket) {
    int number = used.getAndIncrement();
    buckets.put("bucket-" + number, bucket);
    return "r" + number;
  }

  private static Reply create(String root) {
    String request =
        "{'root': '%s', 'targets': [{'type': 'directory', 'path': '', 'recursive': true}]}";
    return server.create(request.formatted(root));
  }

  private static Map<String, String> archive(OddBucket bucket) throws IOException {
    return archive(root(bucket));
  }

  private static Map<String, String> archive(String root) throws IOException {
    return contents(create(root));
  }

  private static byte[] bytes(Reply created) {
    return server.get(LadingServer.page(created, "download")).bytes();
  }

  private static Map<String, String> contents(Reply created) throws IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes(created)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String content = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(contents.put(entry.getName(), content)).isNull();
      }
    }
    return contents;
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 255) | (bytes[at + 1] & 255) << 8;
  }

  private static int compareBytes(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
