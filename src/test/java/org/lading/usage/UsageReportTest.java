package org.lading.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Documents;

/** The report of lines of audit logs, as the command prints it. */
class UsageReportTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final String CURL = "curl/8.5.0";

  @TempDir Path directory;

  private final List<String> lines = new ArrayList<>();
  private String faults = "";

  @Test
  void download_fetchedWhole_countsForDownloadRootAndFiles() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 999, 1000, true);

    assertThat(report("download"))
        .containsExactly(
            "download,client,subject,roots,created,files,length,deliveries,complete_deliveries,"
                + "bytes,robot_deliveries,robot_bytes,first_delivery,last_delivery",
            "aaaaaaaaaaaa,portal,alice,medusa,2026-11-27T12:00:00Z,2,1000,1,1,1000,0,0,"
                + "2026-11-27T12:00:59Z,2026-11-27T12:00:59Z");
    assertThat(report("root").get(1)).isEqualTo("medusa,1,1,1,1000,2,900,0,0");
    assertThat(report("file"))
        .containsExactly(
            "root,path,deliveries,bytes,robot_deliveries",
            "medusa,a/one.txt,1,400,0",
            "medusa,a/two.txt,1,500,0");
  }

  @Test
  void transfer_brokenOffAndResumedWithin30Minutes_isOneDelivery() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 599, 1000, false);
    reply("aaaaaaaaaaaa", 30, 500, 999, 1000, true);

    assertThat(deliveries()).containsExactly("2 replies, 1100 bytes, true");
  }

  @Test
  void transfer_resumedAfterMoreThan30Minutes_isTwoDeliveries() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 499, 1000, false);
    reply("aaaaaaaaaaaa", 33, 500, 999, 1000, true);

    assertThat(deliveries())
        .containsExactly("1 replies, 500 bytes, false", "1 replies, 500 bytes, false");
  }

  @Test
  void ranges_fetchedSideBySide_areOneDelivery() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    for (int from : List.of(800, 0, 400, 200, 600)) {
      reply("aaaaaaaaaaaa", 1, from, from + 199, 1000, true);
    }

    assertThat(deliveries()).containsExactly("5 replies, 1000 bytes, true");
  }

  @Test
  void ranges_inAnyOrderAndOverlapping_areOneDeliveryThatIsCompleteWhenAllBytesAreThere()
      throws IOException {
    Random random = new Random(17);
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 40; round++) {
      String id = "id%010d".formatted(round);
      boolean hasGap = round % 2 == 1;
      int count = 2 + random.nextInt(20);
      long length = count * 50L;
      List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
      Collections.shuffle(order, random);
      int gap = hasGap ? order.remove(0) : -1;
      // Each reaches into the next one; not over a gap, nor over the end.
      for (int part : order) {
        int over = part + 1 == gap || part + 1 == count ? 0 : random.nextInt(20);
        reply(id, round, part * 50L, part * 50L + 49 + over, length, true);
      }
      expected.add(order.size() + " " + !hasGap);
    }

    assertThat(report("delivery").stream().skip(1).map(row -> row.split(",", -1)))
        .extracting(cells -> cells[10] + " " + cells[12])
        .containsExactlyElementsOf(expected);
  }

  @Test
  void archive_fetchedWholeTwice_isTwoDeliveries() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 999, 1000, true);
    reply("aaaaaaaaaaaa", 2, 0, 999, 1000, true);

    assertThat(deliveries())
        .containsExactly("1 replies, 1000 bytes, true", "1 replies, 1000 bytes, true");
  }

  @Test
  void deliveryInPart_countsTheFilesOfWhichAllBytesWereSent() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 500, 1000, false);

    assertThat(report("file").subList(1, 2)).containsExactly("medusa,a/one.txt,1,400,0");
    assertThat(report("root").get(1)).isEqualTo("medusa,1,1,0,501,1,400,0,0");
  }

  @Test
  void fileWithoutBytes_countsWhereItsPlaceWasSent() throws IOException {
    entry("aaaaaaaaaaaa", "empty.txt", 0, 300, 299);
    reply("aaaaaaaaaaaa", 1, 0, 500, 1000, false);

    assertThat(report("file").get(1)).isEqualTo("medusa,empty.txt,1,0,0");
  }

  @Test
  void twoAddresses_areTwoDeliveries() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 499, 1000, true);
    line(
        "delivered",
        1,
        "\"download\":\"aaaaaaaaaaaa\",\"address\":\"192.0.2.8\",\"user_agent\":\"curl/8.5.0\","
            + "\"first\":500,\"last\":999,\"length\":1000,\"bytes\":500,\"complete\":true");

    assertThat(deliveries())
        .containsExactly("1 replies, 500 bytes, false", "1 replies, 500 bytes, false");
  }

  @Test
  void lineOfNginx_tellsWhoAndWhatWithoutOthers() throws IOException {
    nginx(200, 0, 1009, 1010, "");

    assertThat(report("delivery").get(1))
        .isEqualTo(
            "aaaaaaaaaaaa,portal,,medusa other,192.0.2.7,curl/8.5.0,false,mod_zip,"
                + "2026-11-27T12:00:59.750Z,2026-11-27T12:02:00Z,1,1010,true,complete");
    assertThat(report("root")).hasSize(3);
  }

  @Test
  void severalRangesInOneReplyOfNginx_countBytesButNoPlaces() throws IOException {
    prepared("aaaaaaaaaaaa", 1010);
    nginx(206, 0, 1009, 1010, "");

    assertThat(deliveries()).containsExactly("1 replies, 1010 bytes, false");
    assertThat(report("file")).hasSize(1);
  }

  @Test
  void rangesOfNginx_thatAreAllBytes_areOneCompleteDelivery() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    nginx(206, 0, 599, 1010, "bytes 0-599/1010");
    nginx(206, 600, 1009, 1010, "bytes 600-1009/1010");

    assertThat(deliveries()).containsExactly("2 replies, 1010 bytes, true");
    assertThat(report("file")).hasSize(3);
  }

  private void nginx(int status, long first, long last, long length, String contentRange) {
    lines.add(
        ("{\"time\":\"2026-11-27T13:02:00+01:00\",\"event\":\"delivered\","
                + "\"download\":\"aaaaaaaaaaaa\",\"client\":\"portal\",\"subject\":\"\","
                + "\"roots\":\"medusa,other\",\"address\":\"192.0.2.7\","
                + "\"user_agent\":\"curl/8.5.0\",\"status\":%d,\"page\":\"get\","
                + "\"assembler\":\"mod_zip\",\"first\":%d,\"last\":%d,\"length\":%d,\"bytes\":%d,"
                + "\"complete\":true,\"duration_ms\":60250,\"content_range\":\"%s\"}")
            .formatted(status, first, last, length, last - first + 1, contentRange));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nov 27 12:00:00 host java[77]: INFO lading.audit ",
        "2026-11-27T12:00:00.000Z INFO    lading.audit: ",
        "<6>INFO    lading.audit: ",
        "27-Nov-2026 12:00:00.000 INFO [lading-audit-1] lading.audit.info ",
        "INFO lading.audit "
      })
  void wordsOfALoggerBeforeTheObject_arePassedOver(String words) throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    lines.replaceAll(line -> words + line);
    reply("aaaaaaaaaaaa", 1, 0, 999, 1000, true);

    assertThat(report("file")).hasSize(3);
    assertThat(faults).isEmpty();
  }

  @Test
  void eventsThatWereLost_areTold() throws IOException {
    line("lost", 1, "\"count\":12");
    line("lost", 2, "\"count\":3");

    report("event");
    assertThat(faults).isEqualTo("15 events are missing: they could not be written\n");
  }

  @ParameterizedTest
  @CsvSource({"404, 0", "502, 0", "304, 0", "200, 1", "206, 1"})
  void lineOfNginx_countsOnlyIfBytesOfTheArchiveWereSent(int status, int deliveries)
      throws IOException {
    line(
        "delivered",
        1,
        "\"download\":\"aaaaaaaaaaaa\",\"status\":\"" + status + "\",\"bytes\":\"150\"");

    assertThat(deliveries()).hasSize(deliveries);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"pattern\":\"googlebot\",\"last_changed\":\"2017-08-08\"},{\"pattern\":\"^curl\"}]",
        "googlebot\n\n^CURL\\/\n"
      })
  void robot_ofTheList_isMarkedAndCountedApart(String list) throws IOException {
    Path robots = Files.writeString(directory.resolve("robots"), list);
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 999, 1000, true);

    assertThat(report("file", "--robots", robots.toString()).get(1))
        .isEqualTo("medusa,a/one.txt,0,0,1");
    assertThat(report("root", "--robots", robots.toString()).get(1))
        .isEqualTo("medusa,1,0,0,0,0,0,0,1");
    assertThat(report("delivery", "--robots", robots.toString()).get(1)).contains(",true,");
  }

  @Test
  void period_hasWhatBeganInIt() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 60, 0, 999, 1000, true);
    reply("aaaaaaaaaaaa", 60 * 24, 0, 999, 1000, true);

    assertThat(report("delivery", "--from", "2026-11-28")).hasSize(2);
    assertThat(report("delivery", "--to", "2026-11-28")).hasSize(2);
    assertThat(report("download", "--from", "2026-11-28").get(1))
        .contains(",2026-11-27T12:00:00Z,")
        .contains(",1,1,1000,");
    assertThat(report("delivery", "--from", "2026-11-29T00:00:00+01:00")).hasSize(1);
  }

  @Test
  void events_areCountedByClientAndCode() throws IOException {
    for (int i = 0; i < 3; i++) {
      line(
          "refused",
          i,
          "\"client\":\"portal\",\"page\":\"create\",\"status\":429,\"code\":\"busy\"");
    }
    line("refused", 5, "\"page\":\"link\",\"status\":401,\"code\":\"unauthorized\"");

    assertThat(report("event"))
        .containsExactly(
            "event,client,page,status,code,events",
            "refused,,link,401,unauthorized,1",
            "refused,portal,create,429,busy,3");
  }

  @Test
  void jsonLines_haveNumbersAndFlagsAsSuch() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 999, 1000, true);

    assertThat(report("file", "--format", "json").get(0))
        .isEqualTo(
            "{\"root\":\"medusa\",\"path\":\"a/one.txt\",\"deliveries\":1,\"bytes\":400,"
                + "\"robot_deliveries\":0}");
    assertThat(report("delivery", "--format", "json").get(0))
        .contains("\"robot\":false")
        .contains("\"complete\":true")
        .contains("\"replies\":1");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '#',
      value = {
        "=cmd|'/c calc'!A1, '=cmd|'/c calc'!A1",
        "@SUM(1), '@SUM(1)",
        "-1+2, '-1+2",
        "plain, plain"
      })
  void name_thatIsAFormula_isTextForASpreadsheet(String name, String cell) throws IOException {
    line(
        "delivered",
        1,
        "\"download\":\"aaaaaaaaaaaa\",\"user_agent\":\""
            + name
            + "\",\"bytes\":1,\"complete\":true");

    assertThat(report("delivery").get(1).split(",", -1)[5]).isEqualTo(cell);
  }

  @Test
  void name_withCommaQuoteAndNewline_isOneCell() throws IOException {
    line(
        "delivered",
        1,
        "\"download\":\"aaaaaaaaaaaa\",\"user_agent\":\"a,\\\"b\\\"\\nc\",\"bytes\":1");

    assertThat(String.join("\n", report("delivery"))).contains(",\"a,\"\"b\"\"\nc\",");
  }

  @Test
  void compressedLog_isRead() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    Path log = directory.resolve("audit.log.1.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(log))) {
      out.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
    lines.clear();

    assertThat(report("download", log.toString())).hasSize(2);
  }

  @Test
  void logsInAnyOrder_giveTheSame() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    reply("aaaaaaaaaaaa", 1, 0, 599, 1000, false);
    reply("aaaaaaaaaaaa", 30, 500, 999, 1000, true);
    List<String> inOrder = report("download");
    List<String> reversed = new ArrayList<>(lines);
    Collections.reverse(reversed);
    lines.clear();
    lines.addAll(reversed);

    assertThat(report("download")).isEqualTo(inOrder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"time\":\"2026-11-27T12:00:00Z\",\"event\":\"deliv",
        "27-Nov-2026 12:00:00 INFO something else",
        "{}",
        "2026-11-27T12:00:00.000Z WARNING org.lading.download.DownloadPreparer: Not found: lading.audit: "
            + "{\"time\":\"2026-11-27T12:00:00Z\",\"event\":\"delivered\",\"download\":\"f\",\"bytes\":5}",
        "2026-11-27T12:00:00.000Z INFO    org.lading.x: INFO lading.audit: "
            + "{\"time\":\"2026-11-27T12:00:00Z\",\"event\":\"delivered\",\"download\":\"f\",\"bytes\":5}",
        "[]",
        "",
        "{\"time\":\"yesterday\",\"event\":\"created\"}",
        "{\"time\":\"2026-11-27T12:00:00Z\",\"event\":\"delivered\",\"download\":\"a\",\"bytes\":-5}",
        "{\"time\":\"2026-11-27T12:00:00Z\",\"event\":\"delivered\",\"download\":\"a\",\"bytes\":\"1e9\"}",
        "{\"time\":\"2026-11-27T12:00:00Z\",\"event\":\"delivered\",\"download\":\"a\"}",
        "{\"time\":\"2026-11-27T12:00:00Z\",\"event\":\"created\",\"roots\":[{}]}"
      })
  void lineOfNoAuditLog_isNamedAndPassedOver(String line) throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    int number = lines.size() + 1;
    lines.add(line);
    reply("aaaaaaaaaaaa", 1, 0, 999, 1000, true);

    assertThat(deliveries()).containsExactly("1 replies, 1000 bytes, true");
    assertThat(faults).contains(", line " + number + ": ").contains("1 lines were passed over");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--by",
        "--by nothing log",
        "--format xml log",
        "--from now log",
        "--unknown x log",
        "--from 2026-11-28 --to 2026-11-27 log"
      })
  void wrongArguments_areToldWithTheUsage(String arguments) {
    List<String> words = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));

    assertThat(run(words)).isEqualTo(2);
    assertThat(faults).contains("usage: java -jar downloads.war usage [");
  }

  @ParameterizedTest
  @EnumSource(Report.class)
  void columns_areInTheDocument(Report which) throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    String name = which.name().toLowerCase(Locale.ROOT);
    String table = Documents.between("docs/usage.md", "<!-- columns -->", "<!-- end of");
    for (String column : report(name).get(0).split(",", -1)) {
      assertThat(table)
          .containsPattern("(?m)^\\| [^|]*`%s`[^|]* \\| [^|]*\\b%s\\b".formatted(column, name));
    }
  }

  @Test
  void missingLog_isNamed() {
    assertThat(run(List.of(directory.resolve("none").toString()))).isEqualTo(1);
    assertThat(faults).contains("there is no file " + directory.resolve("none"));
  }

  @Test
  void patternOfRobots_thatIsNone_isNamed() throws IOException {
    Path robots = Files.writeString(directory.resolve("robots"), "bot\n[a\n");

    assertThat(run(List.of("--robots", robots.toString(), "log"))).isEqualTo(2);
    assertThat(faults).contains("no pattern: [a");
  }

  @Test
  void workingFiles_areRemoved() throws IOException {
    prepared("aaaaaaaaaaaa", 1000);
    Path working = Files.createDirectory(directory.resolve("working"));
    report("download", "--directory", working.toString());

    assertThat(working).isEmptyDirectory();
  }

  private void prepared(String id, long length) {
    line(
        "created",
        0,
        "\"download\":\"%s\",\"client\":\"portal\",\"subject\":\"alice\",\"roots\":[\"medusa\"]"
            .formatted(id));
    line("prepared", 0, "\"download\":\"%s\",\"files\":2,\"length\":%d".formatted(id, length));
    entry(id, "a/one.txt", 400, 0, 449);
    entry(id, "a/two.txt", 500, 450, 999);
  }

  private void entry(String id, String path, long size, long first, long last) {
    line(
        "entry",
        0,
        "\"download\":\"%s\",\"root\":\"medusa\",\"path\":\"%s\",\"size\":%d,\"first\":%d,\"last\":%d"
            .formatted(id, path, size, first, last));
  }

  /** Adds the line of a reply that took a second and ended at a minute. */
  private void reply(
      String id, int minute, long first, long last, long length, boolean isComplete) {
    line(
        "delivered",
        minute,
        ("\"download\":\"%s\",\"address\":\"192.0.2.7\",\"user_agent\":\"%s\",\"assembler\":\"lading\","
                + "\"first\":%d,\"last\":%d,\"length\":%d,\"bytes\":%d,\"complete\":%s,"
                + "\"duration_ms\":1000")
            .formatted(id, CURL, first, last, length, last - first + 1, isComplete));
  }

  private void line(String event, int minute, String fields) {
    lines.add(
        "{\"time\":\"%s\",\"event\":\"%s\",%s}"
            .formatted(NOON.plus(Duration.ofMinutes(minute)), event, fields));
  }

  private List<String> deliveries() throws IOException {
    return report("delivery").stream()
        .skip(1)
        .map(row -> row.split(",", -1))
        .map(cells -> cells[10] + " replies, " + cells[11] + " bytes, " + cells[12])
        .toList();
  }

  private List<String> report(String by, String... more) throws IOException {
    Path log = Files.write(directory.resolve("audit.log"), lines);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> arguments =
        Stream.concat(Stream.of("--by", by, log.toString()), Stream.of(more)).toList();
    assertThat(run(arguments, out)).as(faults).isZero();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private int run(List<String> arguments) {
    return run(arguments, new ByteArrayOutputStream());
  }

  private int run(List<String> arguments, OutputStream out) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            arguments,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    faults = err.toString(StandardCharsets.UTF_8);
    return code;
  }
}
