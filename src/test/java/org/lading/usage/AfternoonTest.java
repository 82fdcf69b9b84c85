package org.lading.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.RawDownload;

/**
 * Two hundred clients create, fetch, resume, break off and are refused, directly and through nginx.
 * The report has what they did, no more and no less.
 */
@NeedsProgram("nginx")
class AfternoonTest {
  private static final int CLIENTS = 200;
  private static final int AT_ONCE = 16;
  private static final String TOKEN = "the token of the portal";
  private static final int LARGE = 24 << 20;
  private static final String SMALL_BODY =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'},"
          + " {'type': 'file', 'path': 'b.txt'}]}";
  private static final String LARGE_BODY =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'},"
          + " {'type': 'file', 'path': 'large'}]}";

  @TempDir Path directory;

  /** What the clients did, by what the report should say of it. */
  private final Map<String, LongAdder> done = new ConcurrentHashMap<>();

  /** What each client should have got, by its user agent. */
  private final Map<String, String> deliveries = new ConcurrentHashMap<>();

  private LadingServer server;
  private NginxFront nginx;

  @Test
  void report_hasWhatTwoHundredClientsDid() throws Exception {
    makeRoots();
    String settings =
        """
        roots: [{name: main, path: root}, {name: open, path: open, public: true}]
        assembler: embedded
        audit: {file: audit.jsonl}
        clients: [{name: portal, token_sha256: %s, roots: [main]}]
        """
            .formatted(HexFormat.of().formatHex(Digests.sha256().digest(TOKEN.getBytes(UTF_8))));
    server = LadingServer.start(directory, settings);
    nginx = new NginxFront(directory, server, NginxOptions.DEFAULTS);
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(threads.submit(() -> act(client)));
      }
      for (Future<?> client : clients) {
        client.get();
      }
      awaited(this::missing, List::isEmpty);
    } finally {
      threads.shutdownNow();
      nginx.close();
      server.close();
    }

    assertThat(deliveriesOfTheReport()).isEqualTo(new TreeMap<>(deliveries));
    assertThat(rows("event", 0, 1, 2, 3, 4, 5))
        .contains(
            "created,portal,,,," + done.get("creates"),
            // Names of one path share an archive.
            "created,public,,,,1",
            "refused,,create,401,unauthorized," + done.get("without token"),
            "refused,portal,create,400,invalid_root," + done.get("wrong root"),
            "delivered,portal,download,200,," + done.get("wholes"),
            "delivered,portal,download,206,," + done.get("ranges"),
            "delivered,public,link,200,," + done.get("links"))
        .noneMatch(
            row -> row.startsWith("refused") && !row.matches(".*(unauthorized|invalid_root).*"));
    assertThat(rows("file", 0, 1, 2))
        .containsExactlyInAnyOrder(
            "main,a.txt," + done.get("a.txt"),
            "main,b.txt," + done.get("b.txt"),
            "main,large," + done.get("large"),
            "open,c.txt," + done.get("c.txt"));
    assertThat(rows("root", 0, 2, 3))
        .containsExactly(
            "main," + (deliveries.size() - done.get("links").sum()) + "," + done.get("complete"),
            "open," + done.get("links") + "," + done.get("links"));
    assertThat(rows("download", 7).stream().mapToLong(Long::parseLong).sum())
        .isEqualTo(deliveries.size());
  }

  private void makeRoots() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(directory.resolve("open"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    Files.writeString(directory.resolve("root/b.txt"), "b".repeat(500));
    Files.writeString(directory.resolve("open/c.txt"), "ccc");
    try (RandomAccessFile large =
        new RandomAccessFile(directory.resolve("root/large").toFile(), "rw")) {
      large.setLength(LARGE);
    }
  }

  private void act(int client) {
    String agent = "client-" + client;
    // Of each kind, some come directly and some through nginx.
    boolean isBehindNginx = client / 8 % 2 == 0;
    try {
      switch (client % 8) {
        case 0 -> fetchWhole(agent, isBehindNginx);
        case 1 -> fetchTwice(agent, isBehindNginx);
        case 2 -> breakOff(agent, isBehindNginx, true);
        case 3 -> breakOff(agent, isBehindNginx, false);
        case 4 -> fetchRanges(agent, isBehindNginx);
        case 5 -> beRefused(agent);
        case 6 -> followLink(agent, isBehindNginx);
        default -> create(SMALL_BODY, agent);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fetchWhole(String agent, boolean isBehindNginx) {
    String page = create(SMALL_BODY, agent);
    assertThat(get(page, isBehindNginx, "User-Agent", agent).status()).isEqualTo(200);
    add("wholes", 1);
    whole(agent, 1, "a.txt", "b.txt");
  }

  private void fetchTwice(String agent, boolean isBehindNginx) {
    String page = create(SMALL_BODY, agent);
    for (int round = 1; round <= 2; round++) {
      String own = agent + "." + round;
      get(page, isBehindNginx, "User-Agent", own);
      // What is not asked for, or is there already, is no delivery.
      Reply head = server.head(page, "User-Agent", own);
      String etag = head.header("ETag");
      assertThat(server.get(page, "User-Agent", own, "If-None-Match", etag).status())
          .isEqualTo(304);
      add("wholes", 1);
      whole(own, 1, "a.txt", "b.txt");
    }
  }

  private void breakOff(String agent, boolean isBehindNginx, boolean isResumed) throws IOException {
    String page = create(LARGE_BODY, agent);
    int port = isBehindNginx ? nginx.port() : server.port();
    long received;
    long length;
    try (RawDownload download = new RawDownload(port, "/downloads" + page, "User-Agent", agent)) {
      received = download.read(200_000).length;
      length = download.length();
    }
    add("wholes", 1);
    if (isResumed) {
      Reply rest =
          get(page, isBehindNginx, "User-Agent", agent, "Range", "bytes=" + received + "-");
      assertThat(rest.bytes()).hasSize((int) (length - received));
      add("ranges", 1);
      whole(agent, 2, "a.txt", "large");
    } else {
      deliveries.put(agent, "1 replies, false");
      add("a.txt", 1);
    }
  }

  private void fetchRanges(String agent, boolean isBehindNginx) {
    String page = create(SMALL_BODY, agent);
    for (String range : List.of("300-", "0-99", "100-299")) {
      Reply part = get(page, isBehindNginx, "User-Agent", agent, "Range", "bytes=" + range);
      assertThat(part.status()).isEqualTo(206);
      add("ranges", 1);
    }
    assertThat(get(page, isBehindNginx, "User-Agent", agent, "Range", "bytes=9999999-").status())
        .isEqualTo(416);
    whole(agent, 3, "a.txt", "b.txt");
  }

  private void beRefused(String agent) {
    assertThat(server.create(SMALL_BODY, "User-Agent", agent).status()).isEqualTo(401);
    add("without token", 1);
    Reply wrong =
        server.create(
            SMALL_BODY.replace("main", "none"),
            "User-Agent",
            agent,
            "Authorization",
            "Bearer " + TOKEN);
    assertThat(wrong.json().get("code").asText()).isEqualTo("invalid_root");
    add("wrong root", 1);
  }

  private void followLink(String agent, boolean isBehindNginx) {
    String page = "/zip/open/c.txt?name=" + agent;
    assertThat(get(page, isBehindNginx, "User-Agent", agent, "Prefer", "wait=60").status())
        .isEqualTo(200);
    add("links", 1);
    add("c.txt", 1);
    deliveries.put(agent, "1 replies, true");
  }

  /** Creates a download as the portal does, and returns its page. */
  private String create(String body, String agent) {
    Reply created = server.create(body, "User-Agent", agent, "Authorization", "Bearer " + TOKEN);
    add("creates", 1);
    return LadingServer.page(created, "download");
  }

  private Reply get(String page, boolean isBehindNginx, String... headers) {
    Http http = isBehindNginx ? nginx.http() : null;
    return http == null ? server.get(page, headers) : http.get("/downloads" + page, headers);
  }

  private void whole(String agent, int replies, String... files) {
    deliveries.put(agent, replies + " replies, true");
    add("complete", 1);
    for (String file : files) {
      add(file, 1);
    }
  }

  private void add(String what, long number) {
    done.computeIfAbsent(what, any -> new LongAdder()).add(number);
  }

  /**
   * The user agents of which the log does not have all replies yet, each with those that it has.
   */
  private List<String> missing() {
    try {
      List<String> delivered =
          Files.readAllLines(directory.resolve("audit.jsonl")).stream()
              .filter(line -> line.contains("\"event\":\"delivered\""))
              .toList();
      List<String> missing = new ArrayList<>();
      deliveries.forEach(
          (agent, expected) -> {
            String field = "\"user_agent\":\"" + agent + '"';
            long found = delivered.stream().filter(line -> line.contains(field)).count();
            if (!expected.startsWith(found + " ")) {
              missing.add(agent + " has " + found + " of " + expected);
            }
          });
      return missing;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> deliveriesOfTheReport() {
    Map<String, String> found = new TreeMap<>();
    for (String row : rows("delivery", 5, 10, 12)) {
      String[] cells = row.split(",", -1);
      assertThat(found.put(cells[0], cells[1] + " replies, " + cells[2])).isNull();
    }
    return found;
  }

  /** Some columns of a report. */
  private List<String> rows(String by, int... columns) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> arguments = List.of("--by", by, directory.resolve("audit.jsonl").toString());
    int code =
        Main.run(arguments, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    assertThat(code).as(err.toString(UTF_8)).isZero();
    assertThat(err.toString(UTF_8)).isEmpty();
    List<String> rows = new ArrayList<>();
    out.toString(UTF_8)
        .lines()
        .skip(1)
        .map(row -> row.split(",", -1))
        .forEach(
            cells -> {
              List<String> some = new ArrayList<>();
              for (int column : columns) {
                some.add(cells[column]);
              }
              rows.add(String.join(",", some));
            });
    return rows;
  }
}
