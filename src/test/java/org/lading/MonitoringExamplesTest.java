package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.Program;
import org.lading.testing.PrometheusServer;
import org.lading.testing.S3Server;
import org.lading.testing.Traces;

/**
 * The dashboard, the alerts and the configuration of Prometheus in {@code conf-examples}: what they
 * ask for is there when Prometheus scrapes a Lading that works.
 */
@NeedsProgram({"prometheus", "promtool"})
class MonitoringExamplesTest {
  private static final Path EXAMPLES = Path.of("conf-examples").toAbsolutePath();
  private static final Path ALERTS_TEST =
      Path.of("src/test/resources/org/lading/monitoring/alerts-test.yml");

  /** A metric in an expression, with what stands in its braces. */
  private static final Pattern SELECTOR =
      Pattern.compile(
          "\\b(up|(?:lading|hikaricp|jvm|process)_[a-z0-9_]+)(?:\\{([^}]*)})?(?=[\\[\\s)]|$)");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|!~|!=|=)\"");

  @TempDir static Path directory;
  static S3Server store;
  static LadingServer server;
  static PrometheusServer prometheus;

  @BeforeAll
  static void start() throws IOException {
    store = new S3Server();
    store.createBucket("bucket");
    store.put("bucket", "there", new byte[] {1});
    Files.writeString(
        Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "content");
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root, public: true}
            %s
            nginx_url: https://files.example.org
            webhooks: {allow: ["https://app.example.org/"]}
            incoming_queue: nobody_there
            return_queues: [answers]
            amqp: {port: %d}
            """
                .formatted(store.root("bucket"), NginxServer.freePort()));
    prometheus = PrometheusServer.start(directory, configuration());
  }

  @AfterAll
  static void stop() throws IOException {
    prometheus.close();
    server.close();
    store.close();
  }

  /** The example, with this server as its only target, which is asked more often. */
  private static Path configuration() throws IOException {
    String example = Files.readString(EXAMPLES.resolve("prometheus.yml"));
    String own =
        example
            .replace("localhost:8080", "127.0.0.1:" + server.port())
            .replace("interval: 15s", "interval: 1s")
            .replace("- prometheus-alerts.yml", "- " + EXAMPLES.resolve("prometheus-alerts.yml"));
    assertThat(own).contains("127.0.0.1:" + server.port(), "interval: 1s", "  - /");
    return Files.writeString(directory.resolve("prometheus.yml"), own);
  }

  @Test
  void dashboardAndAlerts_getNumbers_fromALadingThatWorks() throws IOException {
    Set<String> expressions = new LinkedHashSet<>();
    for (JsonNode panel : panels()) {
      panel.path("targets").forEach(target -> expressions.add(filled(target.get("expr").asText())));
    }
    assertThat(expressions).hasSizeGreaterThan(40);
    expressions.addAll(alertInputs());

    work();
    // What is counted from one scrape to the next one is a rate.
    Traces.eventually(() -> prometheus.query("lading_links_total"), found -> !found.isEmpty());
    work();

    assertThat(
            Traces.eventually(
                () -> expressions.stream().filter(expression -> !hasNumber(expression)).toList(),
                List::isEmpty))
        .as("expressions without any number")
        .isEmpty();
    assertThat(prometheus.rules())
        .hasSizeGreaterThan(10)
        .allSatisfy(rule -> assertThat(rule.path("lastError").asText()).isEmpty());
  }

  private static String filled(String expression) {
    return expression
        .replace("$job", "lading")
        .replace("$instance", ".*")
        .replace("$__rate_interval", "1m");
  }

  private static boolean hasNumber(String expression) {
    return prometheus.query(expression).stream().anyMatch(Double::isFinite);
  }

  /** Every metric of an alert, and every label that it asks for; the value is that of a fault. */
  private static Set<String> alertInputs() {
    Set<String> inputs = new TreeSet<>();
    for (JsonNode rule : prometheus.rules()) {
      Matcher selectors = SELECTOR.matcher(rule.get("query").asText());
      assertThat(selectors.find()).as(rule.get("query").asText()).isTrue();
      do {
        inputs.add(selectors.group(1));
        String labels = selectors.group(2) == null ? "" : selectors.group(2);
        LABEL
            .matcher(labels)
            .results()
            .forEach(
                label -> inputs.add("%s{%s!=\"\"}".formatted(selectors.group(1), label.group(1))));
      } while (selectors.find());
    }
    return inputs;
  }

  /** Something of everything that is counted. */
  private static void work() {
    Reply files = create("'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]");
    Reply objects = create("'root': 's3', 'targets': [{'type': 'file', 'path': 'there'}]");
    create("'root': 'main', 'targets': [{'type': 'file', 'path': 'none'}]");
    for (Reply created : List.of(files, objects)) {
      for (String page : List.of("get", "download", "status")) {
        assertThat(server.get(LadingServer.page(created, page)).status()).isEqualTo(200);
      }
    }
    assertThat(server.get("/zip/main/a.txt").status()).isEqualTo(200);
    System.gc();
  }

  private static Reply create(String fields) {
    return server.create("{" + fields + "}");
  }

  @Test
  void alerts_fire_andDoNotFire() throws Exception {
    Program.run(directory, "promtool", "check", "config", EXAMPLES + "/prometheus.yml");
    Program.run(directory, "promtool", "test", "rules", ALERTS_TEST.toString());

    String tests = Files.readString(ALERTS_TEST, StandardCharsets.UTF_8);
    List<String> tested = new ArrayList<>();
    for (JsonNode rule : prometheus.rules()) {
      String name = rule.get("name").asText();
      tested.add("- name: " + name + " fires\n");
      tested.add("- name: " + name + " does not fire\n");
    }
    assertThat(tests).contains(tested);
  }

  @Test
  void panels_areWhole_andLieBesideOneAnother() throws IOException {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : panels()) {
      String title = panel.get("title").asText();
      assertThat(titles.add(title)).as(title).isTrue();
      assertThat(ids.add(panel.get("id").asInt())).as(title).isTrue();
      JsonNode place = panel.get("gridPos");
      for (int x = place.get("x").asInt();
          x < place.get("x").asInt() + place.get("w").asInt();
          x++) {
        assertThat(x).as(title).isLessThan(24);
        for (int y = place.get("y").asInt();
            y < place.get("y").asInt() + place.get("h").asInt();
            y++) {
          assertThat(cells.add(x + " " + y)).as(title).isTrue();
        }
      }
      if (!panel.get("type").asText().equals("row")) {
        assertThat(panel.get("description").asText()).as(title).endsWith(".");
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotEmpty();
        assertThat(panel.at("/datasource/uid").asText()).as(title).isEqualTo("${datasource}");
        assertThat(panel.get("targets"))
            .isNotEmpty()
            .allSatisfy(
                target -> {
                  assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                  assertThat(target.get("expr").asText()).contains("job=~\"$job\"");
                });
      }
    }
  }

  private static List<JsonNode> panels() throws IOException {
    List<JsonNode> panels = new ArrayList<>();
    new ObjectMapper()
        .readTree(EXAMPLES.resolve("grafana-dashboard.json").toFile())
        .get("panels")
        .forEach(panels::add);
    return panels;
  }
}
