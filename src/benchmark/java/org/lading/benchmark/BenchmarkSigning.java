package org.lading.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lading.config.ConfigurationLoader;
import org.lading.modzip.EntryLocations;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.store.Database;
import org.lading.testing.Http;
import org.lading.testing.LadingProcess;
import org.lading.testing.Manifest;
import org.lading.testing.NginxServer;
import org.lading.testing.S3Server;
import org.lading.testing.ScratchDirectory;

/**
 * What it costs to sign the location of each S3 object when nginx comes to it ({@code sign: entry})
 * beside all of them in the manifest ({@code sign: manifest}): an archive of small objects that
 * mod_zip makes, and how fast Lading hands out the locations of a large archive in order, with the
 * heap that is in use meanwhile. The arguments are the objects, the entries of the large archive,
 * the nginx binary, and the directive that loads mod_zip into it.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkSigning \
 *   "-Dbenchmark.arguments=2000 1000000 /usr/sbin/nginx load_module modules/ngx_http_zip_module.so;"
 * </pre>
 */
public final class BenchmarkSigning {
  private static final int SIZE = 8 << 10;
  private static final int WARM_UPS = 2;
  private static final int ROUNDS = 5;
  private static final int MAX_TRIES = 60;
  private static final long SOME_CRC32 = 0x12345678;
  private static final int STEPS = 10;
  private static final double MIB = 1 << 20;

  private BenchmarkSigning() {}

  /** Runs it as the arguments say. */
  public static void main(String[] arguments) throws Exception {
    int objects = Integer.parseInt(arguments[0]);
    int entries = Integer.parseInt(arguments[1]);
    String loading = Stream.of(arguments).skip(3).collect(Collectors.joining(" "));
    try (S3Server s3 = new S3Server()) {
      s3.createBucket("content");
      byte[] content = new byte[SIZE];
      new Random(4).nextBytes(content);
      for (int i = 0; i < objects; i++) {
        s3.put("content", "object-%05d".formatted(i), content);
      }
      archives(s3, Path.of(arguments[2]), loading, objects);
      handOut(s3, entries);
    }
  }

  private static String root(S3Server s3, String name, String sign) {
    return s3.root("content").replace("name: s3", "name: " + name) + "    sign: " + sign + "\n";
  }

  private static void archives(S3Server s3, Path program, String loading, int objects)
      throws Exception {
    String settings =
        "checksum_budget: none\nroots:\n"
            + root(s3, "early", "manifest")
            + root(s3, "late", "entry");
    int port = NginxServer.freePort();
    try (ScratchDirectory scratch = new ScratchDirectory();
        LadingProcess lading = LadingProcess.start(scratch.path(), settings, "-Xmx256m");
        NginxServer nginx =
            NginxServer.start(program, loading, configuration(scratch.path(), lading, port))) {
      System.out.printf("nginx has the pid %d%n", nginx.pid());
      MarkdownTable table =
          new MarkdownTable("CRC-32s", "`sign: manifest`", "`sign: entry`", "ratio", "an entry");
      row(table, "not known", objects, time(lading, port));
      for (String root : List.of("early", "late")) {
        Sink.get(lading.port(), lading.downloadOf(root) + "download");
        awaitChecksums(lading, root);
      }
      row(table, "known", objects, time(lading, port));
      table.print(objects + " objects of 8 KiB through mod_zip (medians of " + ROUNDS + ")");
    }
  }

  private static String configuration(Path directory, LadingProcess lading, int port) {
    return NginxConfigurationRenderer.render(
        ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
        NginxOptions.DEFAULTS
            .withApplication(URI.create("http://127.0.0.1:" + lading.port()))
            .withListen("127.0.0.1:" + port, "unix:" + directory.resolve("files.sock")));
  }

  private static Rounds time(LadingProcess lading, int port) throws Exception {
    String manifest = lading.downloadOf("early") + "get";
    String entry = lading.downloadOf("late") + "get";
    for (int i = 0; i < WARM_UPS; i++) {
      Sink.get(port, manifest);
      Sink.get(port, entry);
    }
    return new Rounds()
        .add("manifest", () -> Sink.get(port, manifest))
        .add("entry", () -> Sink.get(port, entry))
        .run(ROUNDS);
  }

  private static void row(MarkdownTable table, String checksums, int objects, Rounds times) {
    Duration manifest = times.median("manifest");
    Duration entry = times.median("entry");
    table.row(
        checksums,
        "%.2f s".formatted(manifest.toMillis() / 1e3),
        "%.2f s".formatted(entry.toMillis() / 1e3),
        "%.2f".formatted(times.ratio("entry", "manifest")),
        "%.2f ms more".formatted(entry.minus(manifest).toNanos() / 1e6 / objects));
    System.out.println(times.millis("manifest") + " " + times.millis("entry"));
  }

  /** Waits until downloads that are created have the CRC-32s of what was streamed. */
  private static void awaitChecksums(LadingProcess lading, String root) throws Exception {
    try (Http http = lading.http()) {
      for (int i = 0; i < MAX_TRIES; i++) {
        String manifest = http.get(lading.downloadOf(root) + "manifest").text();
        if (manifest.lines().noneMatch(line -> line.startsWith("-"))) {
          return;
        }
        Thread.sleep(1000);
      }
    }
    throw new IllegalStateException("no CRC-32s of " + root);
  }

  /** Asks for the locations one after another on one connection, as nginx does for mod_zip. */
  private static void handOut(S3Server s3, int entries) throws Exception {
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      try (Database database =
          Database.openEmbedded(scratch.path().resolve("storage").resolve("database"))) {
        StoredDownloads store = new StoredDownloads(database, SOME_CRC32);
        store.fill("small", entries / STEPS);
        store.fill("large", entries);
      }
      String settings = "roots:\n" + root(s3, "bucket", "entry");
      try (LadingProcess lading = LadingProcess.start(scratch.path(), settings, "-Xmx256m");
          ProcessProbe probe = new ProcessProbe(lading.pid())) {
        ask(lading, manifest(lading, "small"));
        long idle = probe.usedAfterGc();
        List<Manifest> lines = manifest(lading, "large");
        HeapWatch watch = HeapWatch.during(probe, Duration.ofSeconds(3), () -> ask(lading, lines));
        System.out.printf(
            "%,d locations in order: %,.0f a second; at most %.1f MiB above idle (%d samples)%n",
            entries,
            entries / (watch.time().toMillis() / 1e3),
            (watch.most() - idle) / MIB,
            watch.samples());
      }
    }
  }

  private static List<Manifest> manifest(LadingProcess lading, String id) {
    try (Http http = lading.http()) {
      return Manifest.parse(
          http.get(
                  "/downloads/bucket/" + id + "/get",
                  "X-Archive-Assembler",
                  "mod_zip",
                  "X-Archive-Locations",
                  "guarded")
              .text());
    }
  }

  /** Returns the number of locations; prints how many a second there were of each tenth. */
  private static int ask(LadingProcess lading, List<Manifest> lines) throws IOException {
    List<String> rates = new ArrayList<>();
    byte[] buffer = new byte[16 << 10];
    int step = lines.size() / STEPS;
    long began = System.nanoTime();
    Socket socket = connect(lading);
    try {
      for (int i = 0; i < lines.size(); i++) {
        socket.getOutputStream().write(request(lines.get(i).location()));
        if (isLast(socket.getInputStream(), buffer)) {
          socket.close();
          socket = connect(lading);
        }
        if ((i + 1) % step == 0) {
          rates.add("%,.0f".formatted(step / ((System.nanoTime() - began) / 1e9)));
          began = System.nanoTime();
        }
      }
    } finally {
      socket.close();
    }
    System.out.println("locations a second, of each tenth: " + String.join(" ", rates));
    return lines.size();
  }

  private static Socket connect(LadingProcess lading) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), lading.port());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static byte[] request(String location) {
    int query = location.indexOf('?');
    return "GET /downloads/%s/location HTTP/1.1\r\nHost: lading\r\nX-Archive-Assembler: mod_zip\r\nX-Archive-Locations: guarded\r\n%s: %s\r\n\r\n"
        .formatted(
            location.substring(EntryLocations.PREFIX.length(), query),
            EntryLocations.PROOF_HEADER,
            location.substring(query + 1))
        .getBytes(US_ASCII);
  }

  /** Reads one answer, which has no body; tells whether the connection ends with it. */
  private static boolean isLast(InputStream in, byte[] buffer) throws IOException {
    int length = 0;
    while (length < 4
        || buffer[length - 4] != '\r'
        || buffer[length - 2] != '\r'
        || buffer[length - 1] != '\n') {
      int read = in.read(buffer, length, buffer.length - length);
      if (read < 0) {
        throw new IOException("no head of an answer: " + new String(buffer, 0, length, US_ASCII));
      }
      length += read;
    }
    String head = new String(buffer, 0, length, US_ASCII);
    if (!head.startsWith("HTTP/1.1 200") || !head.contains("X-Accel-Redirect: ")) {
      throw new IOException(head);
    }
    return head.contains("Connection: close");
  }
}
