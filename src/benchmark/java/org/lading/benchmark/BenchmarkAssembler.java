package org.lading.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.NginxServer;
import org.lading.testing.S3Server;
import org.lading.testing.ScratchDirectory;

/**
 * Archives of many kinds made by mod_zip and by Lading's own stream, both fetched through the
 * generated nginx configuration, beside the times that were predicted, and whether {@code
 * assembler: auto} picks the faster one. The arguments are the rounds, the nginx binary, and the
 * directive that loads mod_zip into it.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkAssembler \
 *   "-Dbenchmark.arguments=3 /usr/sbin/nginx load_module modules/ngx_http_zip_module.so;"
 * </pre>
 */
public final class BenchmarkAssembler {
  private static final Duration DELAY = Duration.ofMillis(30);
  private static final double MAX_RATIO = 1.2;
  private static final int MAX_TRIES = 60;
  private static final int MAX_SIZE_TWICE = 1 << 20;

  /** What archives are made of: a directory of each name is in the roots that have it. */
  private static final List<Content> CONTENTS =
      List.of(
          new Content("one", 1, 512 << 20),
          new Content("some", 100, 2 << 20),
          new Content("many", 8000, 8 << 10),
          new Content("few", 10, 10 << 10),
          new Content("warm", 500, 8 << 10));

  private static final List<Content> OBJECTS =
      List.of(
          new Content("some", 4, 32 << 20),
          new Content("many", 500, 8 << 10),
          new Content("few", 1, 10 << 10),
          new Content("warm", 500, 8 << 10));

  /** What is fetched first: code that is not yet compiled takes longer. */
  private static final Archive WARM_UP = new Archive("warm-up", "near/warm", "store/warm");

  /** How often. */
  private static final int WARM_UPS = 8;

  /** Archives of less than this are measured more often, since chance is a larger part of them. */
  private static final Duration SHORT = Duration.ofMillis(1200);

  private static final int ROUNDS_IF_SHORT = 8;

  private static final List<Archive> ARCHIVES =
      List.of(
          new Archive("1 file of 512 MiB", "near/one"),
          new Archive("100 files of 2 MiB", "near/some"),
          new Archive("8,000 files of 8 KiB", "near/many"),
          new Archive("10 files of 10 KiB", "near/few"),
          new Archive("1 file of 512 MiB, 8,000 of 8 KiB", "near/mixed-one", "near/mixed-many"),
          new Archive("4 objects of 32 MiB", "store/some"),
          new Archive("500 objects of 8 KiB", "store/many"),
          new Archive("4 objects of 32 MiB, 30 ms away", "far/some"),
          new Archive("500 objects of 8 KiB, 30 ms away", "far/many"),
          new Archive("1 object of 10 KiB, 30 ms away", "far/few"),
          new Archive(
              "1 file of 512 MiB, 1 object of 10 KiB 30 ms away",
              "near/other-one",
              "far/mixed-few"),
          new Archive(
              "10 files of 10 KiB, 500 objects 30 ms away", "near/mixed-few", "far/mixed-many"));

  private final int rounds;
  private final int port;
  private final Http http;
  private final MarkdownTable table =
      new MarkdownTable(
          "archive",
          "CRC-32s",
          "mod_zip",
          "predicted",
          "Lading",
          "predicted",
          "`auto`",
          "beside the faster");
  private int archives;
  private int right;

  /** Files of one size in a directory. */
  private record Content(String name, int files, int size) {
    byte[] bytes() {
      byte[] bytes = new byte[size];
      new Random(3).nextBytes(bytes);
      return bytes;
    }
  }

  /** An archive of directories, each as {@code root/path}. */
  private record Archive(String name, List<String> directories) {
    Archive(String name, String... directories) {
      this(name, List.of(directories));
    }

    String request() {
      return directories.stream()
          .map(directory -> directory.split("/", -1))
          .map(
              part ->
                  "{\"type\": \"directory\", \"root\": \"%s\", \"path\": \"%s\", \"zip_path\": \"%s\"}"
                      .formatted(part[0], part[1], part[0] + "-" + part[1]))
          .collect(Collectors.joining(", ", "{\"root\": \"near\", \"targets\": [", "]}"));
    }
  }

  private BenchmarkAssembler(int rounds, int port, Http http) {
    this.rounds = rounds;
    this.port = port;
    this.http = http;
  }

  /** Runs it as the arguments say. */
  public static void main(String[] arguments) throws Exception {
    String loading = Stream.of(arguments).skip(2).collect(Collectors.joining(" "));
    int port = NginxServer.freePort();
    try (ScratchDirectory scratch = new ScratchDirectory();
        S3Server s3 = new S3Server();
        DelayingProxy far = new DelayingProxy(s3.endpoint().getPort(), DELAY)) {
      makeFiles(scratch.path().resolve("root"));
      makeObjects(s3);
      try (LadingProcess lading =
              LadingProcess.start(scratch.path(), settings(s3, far), "-Xmx512m");
          NginxServer nginx =
              NginxServer.start(
                  Path.of(arguments[1]), loading, configuration(scratch.path(), lading, port));
          Http http = new Http(URI.create("http://127.0.0.1:" + port))) {
        System.out.printf("nginx has the pid %d%n", nginx.pid());
        new BenchmarkAssembler(Integer.parseInt(arguments[0]), port, http).run();
      }
    }
  }

  /** Without checksum_budget, CRC-32s are known from the second time on that a content is read. */
  private static String settings(S3Server s3, DelayingProxy far) {
    return "checksum_budget: none\nroots:\n  - {name: near, path: root, serve: direct}\n"
        + s3.root("store").replace("name: s3", "name: store")
        + s3.root("far")
            .replace("name: s3", "name: far")
            .replace(s3.endpoint().toString(), far.endpoint().toString());
  }

  private static String configuration(Path directory, LadingProcess lading, int port) {
    return NginxConfigurationRenderer.render(
        ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
        NginxOptions.DEFAULTS
            .withApplication(URI.create("http://127.0.0.1:" + lading.port()))
            .withListen("127.0.0.1:" + port, "unix:" + directory.resolve("files.sock")));
  }

  private static void makeFiles(Path root) throws IOException {
    for (Content content : CONTENTS) {
      Path directory = Files.createDirectories(root.resolve(content.name()));
      byte[] bytes = content.bytes();
      for (int i = 0; i < content.files(); i++) {
        Files.write(directory.resolve("file-%05d".formatted(i)), bytes);
      }
    }
    link(root, "one", "mixed-one");
    link(root, "one", "other-one");
    link(root, "many", "mixed-many");
    link(root, "few", "mixed-few");
  }

  private static void makeObjects(S3Server s3) {
    for (String bucket : List.of("store", "far")) {
      s3.createBucket(bucket);
      for (Content content : OBJECTS) {
        put(s3, bucket, content.name(), content);
        if (bucket.equals("far") && content.size() < MAX_SIZE_TWICE) {
          put(s3, bucket, "mixed-" + content.name(), content);
        }
      }
    }
  }

  /** Makes files with the same bytes, whose CRC-32s Lading does not know from the others. */
  private static void link(Path root, String from, String to) throws IOException {
    Path directory = Files.createDirectories(root.resolve(to));
    try (Stream<Path> files = Files.list(root.resolve(from))) {
      for (Path file : files.toList()) {
        Files.createLink(directory.resolve(file.getFileName()), file);
      }
    }
  }

  private static void put(S3Server s3, String bucket, String directory, Content content) {
    byte[] bytes = content.bytes();
    for (int i = 0; i < content.files(); i++) {
      s3.put(bucket, directory + "/object-%05d".formatted(i), bytes);
    }
  }

  private void run() throws Exception {
    time(create(WARM_UP), WARM_UPS);
    for (Archive archive : ARCHIVES) {
      row(archive, "unknown", create(archive));
      row(archive, "known", createWithChecksums(archive));
    }
    table.print("Archives that mod_zip and Lading make, through nginx (medians of " + rounds + ")");
    System.out.printf(
        "%nauto picks the faster one, or one within %.0f %% of it: %d of %d%n",
        (MAX_RATIO - 1) * 100, right, archives);
  }

  private void row(Archive archive, String checksums, Reply created) throws Exception {
    Rounds times = time(created, rounds);
    if (times.median("embedded").plus(times.median("mod_zip")).compareTo(SHORT) < 0) {
      times.run(ROUNDS_IF_SHORT);
    }
    JsonNode choice = created.json().get("assembler");
    String chosen = choice.get("name").asText();
    String other = chosen.equals("mod_zip") ? "embedded" : "mod_zip";
    double ratio = Math.max(1, times.ratio(chosen, other));
    archives++;
    right += ratio <= MAX_RATIO ? 1 : 0;
    JsonNode predicted = choice.get("predicted_seconds");
    table.row(
        archive.name(),
        checksums,
        seconds(times.median("mod_zip").toNanos() / 1e9),
        seconds(predicted.get("mod_zip").asDouble()),
        seconds(times.median("embedded").toNanos() / 1e9),
        seconds(predicted.get("embedded").asDouble()),
        chosen + ": " + choice.get("reason").asText(),
        String.format(Locale.ROOT, "%.2f", ratio));
    System.out.println(table);
  }

  private Rounds time(Reply created, int times) throws Exception {
    String get = "/downloads" + LadingServer.page(created, "get");
    String download = "/downloads" + LadingServer.page(created, "download");
    return new Rounds()
        .add("mod_zip", () -> Sink.get(port, get))
        .add("embedded", () -> Sink.get(port, download))
        .run(times);
  }

  private Reply create(Archive archive) {
    Reply reply =
        http.post(
            "/downloads/create",
            archive.request().getBytes(StandardCharsets.UTF_8),
            "Prefer",
            LadingServer.PATIENT);
    if (reply.status() != 201) {
      throw new IllegalStateException(reply.toString());
    }
    return reply;
  }

  /** Creates a download when the CRC-32s of its contents, which were read before, are stored. */
  private Reply createWithChecksums(Archive archive) throws InterruptedException {
    for (int i = 0; i < MAX_TRIES; i++) {
      Reply created = create(archive);
      String manifest = http.get("/downloads" + LadingServer.page(created, "manifest")).text();
      if (manifest.lines().noneMatch(line -> line.startsWith("-"))) {
        return created;
      }
      Thread.sleep(1000);
    }
    throw new IllegalStateException("no CRC-32s of " + archive.name());
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 1 ? "%.3f s" : "%.2f s", seconds);
  }
}
