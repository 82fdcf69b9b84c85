package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Documents;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ListingXml;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Program;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.Traces;

/** What {@code /metrics} tells of what was done. */
class MetricsTest {
  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) [a-z_][a-z0-9_]* .+");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_][a-z0-9_]*(?:\\{(?:[a-zA-Z_]+=\"[^\"\\\\\\n]*\",?)+\\})?) (-?[0-9.]+(?:E-?[0-9]+)?|NaN)");

  private static final Pattern REQUESTS =
      Pattern.compile("lading_requests_total\\{page=\"([a-z_]+)\",status=\"[0-9]{3}\"}");

  @TempDir Path directory;
  private ScriptedS3 store;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    store =
        new ScriptedS3(
            request ->
                request.isListing()
                    ? Answer.ok(new ListingXml().toString())
                    : request.path().endsWith("hangs")
                        ? Answer.hang()
                        : request.path().endsWith("there")
                            ? Answer.object(Map.of())
                            : Answer.error(404, "NoSuchKey"));
    Files.createDirectories(directory.resolve("root"));
    Path file = Files.writeString(directory.resolve("root/a.txt"), "aaa");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    server = LadingServer.start(directory, "roots:\n  - {name: main, path: root}\n" + store.root());
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  @Test
  void metrics_tellWhatWasDone() {
    Reply created = create("{'type': 'file', 'path': 'a.txt'}", "wait=60");
    byte[] archive = server.get(LadingServer.page(created, "download")).bytes();
    server.get(LadingServer.page(created, "get"));
    double modZip =
        Double.parseDouble(server.head(LadingServer.page(created, "get")).header("Content-Length"));
    create("{'type': 'file', 'path': 'a.txt'}", "wait=60");
    Reply object = create("{'type': 'file', 'path': 'there', 'root': 's3'}", "wait=60");
    create("{'type': 'file', 'path': 'none'}", "wait=60");
    create("{'type': 'file', 'path': 'none', 'root': 's3'}", "wait=60");
    create("{'type': 'wrong'}", "wait=60");
    create("{'type': 'file', 'path': 'hangs', 'root': 's3'}", "respond-async");
    Traces.eventually(store::inProgress, count -> count == 1);

    assertThat(server.get("/zip/main/x").status()).isEqualTo(403);
    // Of nothing that the ledger knows, since an estimate looks that up as well.
    assertThat(estimate("]")).isEqualTo(400);

    // Nothing of what is counted may depend on what the collector leaves.
    System.gc();
    // It is no job for a moment, when it changes from the quick lane to the long one.
    Map<String, Double> metrics =
        Traces.eventually(this::metrics, now -> now.get("lading_jobs_active") > 0);
    assertThat(metrics)
        .containsEntry("lading_creates_total{outcome=\"ready\"}", 3.0)
        .containsEntry("lading_creates_total{outcome=\"pending\"}", 1.0)
        .containsEntry("lading_creates_total{outcome=\"missing_or_invalid_target\"}", 2.0)
        .containsEntry("lading_creates_total{outcome=\"unparseable\"}", 1.0)
        .containsEntry("lading_links_total{outcome=\"forbidden\"}", 1.0)
        .containsEntry("lading_estimates_total{outcome=\"unparseable\"}", 1.0)
        .containsEntry("lading_preparation_seconds_count{state=\"ready\"}", 3.0)
        .containsEntry(
            "lading_preparation_seconds_count{state=\"missing_or_invalid_targets\"}", 2.0)
        .containsEntry("lading_entries_prepared_total", 3.0)
        .containsEntry(
            "lading_streamed_bytes_total{of=\"archive\",root=\"main\"}", (double) archive.length)
        .containsEntry("lading_transfers_ended_total{ended=\"complete\",page=\"download\"}", 1.0)
        .containsEntry("lading_transfers_ended_total{ended=\"source\",page=\"link\"}", 0.0)
        .containsEntry("lading_archive_first_byte_seconds_count", 1.0)
        .containsEntry("lading_archive_delivery_seconds_count", 1.0)
        .containsEntry("lading_mod_zip_archives_total{root=\"main\"}", 1.0)
        .containsEntry("lading_mod_zip_bytes_total{root=\"main\"}", modZip)
        .containsEntry("lading_archives_active", 0.0)
        .containsEntry("lading_jobs_active", 1.0)
        .containsEntry(
            "lading_s3_calls_total{kind=\"HeadObject\",outcome=\"2xx\"}", attempts(object))
        .containsEntry("lading_s3_calls_total{kind=\"HeadObject\",outcome=\"4xx\"}", 1.0)
        .containsEntry("lading_ledger_lookups_total{result=\"hit\"}", 1.0)
        .containsEntry("lading_s3_call_seconds_count{kind=\"HeadObject\"}", attempts(object) + 1)
        .containsEntry(
            "lading_s3_call_seconds_bucket{kind=\"HeadObject\",le=\"+Inf\"}", attempts(object) + 1)
        .containsEntry("lading_preparation_seconds_bucket{state=\"ready\",le=\"3600.0\"}", 3.0)
        .containsEntry("lading_requests_total{page=\"create\",status=\"201\"}", 3.0)
        .containsEntry("lading_requests_total{page=\"create\",status=\"202\"}", 1.0)
        .containsEntry("lading_requests_total{page=\"create\",status=\"400\"}", 3.0)
        .containsEntry("lading_requests_total{page=\"download\",status=\"200\"}", 1.0)
        .containsEntry("lading_requests_total{page=\"link\",status=\"403\"}", 1.0)
        .containsEntry("lading_preparations_waiting{lane=\"quick\"}", 0.0)
        .containsEntry("lading_preparations_oldest_seconds{lane=\"quick\"}", 0.0)
        .containsEntry("lading_database_up", 1.0)
        .containsEntry("hikaricp_connections_active{pool=\"lading-sqlite-writer\"}", 0.0);
    assertThat(metrics.get("lading_ledger_lookups_total{result=\"miss\"}")).isPositive();
    assertThat(metrics.get("lading_preparation_seconds_sum{state=\"ready\"}")).isPositive();
    assertThat(metrics.get("lading_preparation_seconds_max{state=\"ready\"}")).isPositive();
    assertThat(metrics.get("lading_storage_free_bytes{directory=\"storage\"}"))
        .isPositive()
        .isLessThan(metrics.get("lading_storage_size_bytes{directory=\"storage\"}"));
    assertThat(metrics.get("process_cpu_seconds_total")).isPositive();
    assertDocumented(metrics.keySet());
    store.letGo();
  }

  @Test
  void estimates_areCounted_andAreNoCreates() {
    assertThat(estimate("{'type': 'file', 'path': 'a.txt'}")).isEqualTo(200);
    assertThat(estimate("{'type': 'file', 'path': 'none'}")).isEqualTo(200);
    assertThat(estimate("]")).isEqualTo(400);
    assertThat(estimate("", "Origin", "https://evil.example")).isEqualTo(403);

    assertThat(metrics())
        .containsEntry("lading_estimates_total{outcome=\"succeed\"}", 1.0)
        .containsEntry("lading_estimates_total{outcome=\"fail\"}", 1.0)
        .containsEntry("lading_estimates_total{outcome=\"unparseable\"}", 1.0)
        .containsEntry("lading_estimates_total{outcome=\"forbidden\"}", 1.0)
        .allSatisfy((sample, value) -> assertThat(sample).doesNotStartWith("lading_creates_total"));
  }

  @Test
  void requests_areCountedByPage_whateverTheirPathsAre() {
    String page = LadingServer.page(create("{'type': 'file', 'path': 'a.txt'}", "wait=60"), "");
    List.of("get", "manifest", "status", "download", "again", "what")
        .forEach(name -> server.get(page + name));
    server.call("DELETE", page.substring(0, page.length() - 1), null);
    List.of("/", "/browse/main", "/zip/main/a.txt", "/list", "/status", "/openapi.json")
        .forEach(server::get);
    List.of("/create/", "/x", "/x/y/z", "/create/x", "/a/b/1/2/content").forEach(server::get);
    server.call("POST", "/estimate", "]");

    Traces.eventually(
        this::requests, pages -> pages.values().stream().mapToInt(n -> n).sum() == 20);
    assertThat(requests())
        .containsOnly(
            entry("create", 2),
            entry("get", 1),
            entry("manifest", 1),
            entry("download_status", 1),
            entry("download", 1),
            entry("again", 1),
            entry("removal", 1),
            entry("index", 1),
            entry("browse", 1),
            entry("link", 1),
            entry("list", 1),
            entry("status", 1),
            entry("description", 1),
            entry("entry", 1),
            entry("estimate", 1),
            entry("other", 4));
  }

  /** The number of requests for each page but this one. */
  private Map<String, Integer> requests() {
    Map<String, Integer> pages = new TreeMap<>();
    metrics()
        .forEach(
            (sample, value) -> {
              Matcher request = REQUESTS.matcher(sample);
              if (request.matches() && !request.group(1).equals("metrics")) {
                pages.merge(request.group(1), value.intValue(), Integer::sum);
              }
            });
    return pages;
  }

  @Test
  void archive_thatCannotBeOpened_isNotCountedAsSent() {
    Reply created = create("{'type': 'file', 'path': 'a.txt'}", "wait=60");
    server.sql("drop table entry_chunk");

    Reply end = server.get(LadingServer.page(created, "download"), "Range", "bytes=-22");

    assertThat(end.status()).isGreaterThanOrEqualTo(500);
    assertThat(metrics()).containsEntry("lading_archives_active", 0.0);
  }

  @Test
  void metrics_sayWhatTheyAre() {
    Reply reply = server.get("/metrics");
    assertThat(reply.header("Content-Type")).startsWith("text/plain;");
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    assertThat(reply.text()).contains("# TYPE lading_archives_active gauge");
    assertThat(server.head("/metrics").status()).isEqualTo(200);
    assertThat(server.call("POST", "/metrics", "x").status()).isEqualTo(405);
  }

  @Test
  void metrics_forWhoAsksForAnotherFormat_areTextAllTheSame() {
    for (String accept :
        List.of(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
            "*/*")) {
      Reply reply = server.get("/metrics", "Accept", accept);
      assertThat(reply.status()).as(accept).isEqualTo(200);
      assertThat(reply.header("Content-Type")).as(accept).startsWith("text/plain;version=0.0.4");
      assertThat(reply.text()).as(accept).contains("# TYPE lading_archives_active gauge");
    }
  }

  @Test
  @NeedsProgram({"promtool", "sh"})
  void metrics_areNamedAsPromtoolLikesThem() throws Exception {
    create("{'type': 'file', 'path': 'there', 'root': 's3'}", "wait=60");
    server.get("/zip/main/a.txt");
    estimate("{'type': 'file', 'path': 'a.txt'}");
    Path text = Files.writeString(directory.resolve("metrics"), server.get("/metrics").text());

    String said =
        Program.run(directory, "sh", "-c", "promtool check metrics <\"$1\"", "sh", text.toString());

    assertThat(said).isEmpty();
  }

  /** The table has each of Lading's own metrics with its labels, and of others the beginnings. */
  private static void assertDocumented(Set<String> samples) {
    Set<String> documented =
        Documents.byCode(Documents.table("docs/operations.md", "<!-- metrics -->")).keySet();
    assertThat(
            samples.stream()
                .filter(sample -> sample.startsWith("lading_"))
                .map(sample -> sample.replaceAll("=\"[^\"]*\"", ""))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(documented);
    Set<String> others =
        Documents.byCode(Documents.table("docs/operations.md", "<!-- metrics of libraries -->"))
            .keySet();
    assertThat(
            samples.stream()
                .filter(sample -> !sample.startsWith("lading_"))
                .map(sample -> sample.replaceAll("_.*", "_*"))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(others);
  }

  private Reply create(String target, String preference) {
    return server.create("{'root': 'main', 'targets': [" + target + "]}", "Prefer", preference);
  }

  private int estimate(String targets, String... headers) {
    String body = "{\"root\": \"main\", \"targets\": [" + targets.replace('\'', '"') + "]}";
    return server.call("POST", "/estimate", body, headers).status();
  }

  /** How often a download was begun: once more where the quick lane's second was not enough. */
  private double attempts(Reply created) {
    String id = created.json().get("id").asText();
    return server.number("select attempt from download where id = '" + id + "'");
  }

  /** Every sample; a line that is none, and no comment, is a failure. */
  private Map<String, Double> metrics() {
    Map<String, Double> samples = new LinkedHashMap<>();
    server
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> !COMMENT.matcher(line).matches())
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              assertThat(sample.matches()).as(line).isTrue();
              samples.put(sample.group(1), Double.valueOf(sample.group(2)));
            });
    return samples;
  }
}
