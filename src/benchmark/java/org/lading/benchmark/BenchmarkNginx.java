package org.lading.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.NginxServer;
import org.lading.testing.ScratchDirectory;

/**
 * Archives through the generated configuration in a real nginx with mod_zip: one large file beside
 * the plain file, many small files, the memory of nginx's worker, and Lading's own stream through
 * nginx beside the same without it. The arguments are the size of the large file in MiB, nginx's
 * program, and the file of the module, which must have been built for it.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkNginx \
 *   "-Dbenchmark.arguments=2048 /usr/sbin/nginx /usr/lib/nginx/modules/ngx_http_zip_module.so"
 * </pre>
 */
public final class BenchmarkNginx {
  private static final int ROUNDS = 5;
  private static final int SMALL_FILES = 20_000;
  private static final int SMALL_BYTES = 20_000;
  private static final int MIDDLE_FILES = 200;
  private static final int MIDDLE_BYTES = 50_000_000;

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*(\\d+) kB");

  private final Path scratch;
  private final Path nginxProgram;
  private final String module;
  private final LadingProcess lading;
  private final int filesPort;
  private final MarkdownTable table =
      new MarkdownTable("what", "time", "beside", "times as long", "nginx's worker");

  private BenchmarkNginx(Path scratch, LadingProcess lading, String nginx, String module)
      throws IOException {
    this.scratch = scratch;
    this.lading = lading;
    this.nginxProgram = Path.of(nginx);
    this.module = "load_module " + module + "; worker_processes auto;";
    this.filesPort = NginxServer.freePort();
  }

  /** Runs it; the class comment has the arguments. */
  public static void main(String[] arguments) throws Exception {
    int mebibytes = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      LargeFile.make(scratch.path().resolve("large/large.bin"), mebibytes);
      makeFiles(scratch.path());
      try (LadingProcess lading =
          LadingProcess.start(
              scratch.path(),
              settings(scratch.path()),
              "-Xmx256m",
              "-D" + LadingServer.WRITE_BUFFER + "=65536")) {
        new BenchmarkNginx(scratch.path(), lading, arguments[1], arguments[2]).run(mebibytes);
      }
    }
  }

  private static String settings(Path scratch) {
    StringBuilder settings = new StringBuilder("checksum_budget: none\nroots:\n");
    for (String root : List.of("large", "unread", "small", "middle")) {
      settings.append(
          "  - {name: %s, path: %s, serve: direct}\n"
              .formatted(root, scratch.resolve(root.equals("unread") ? "large" : root)));
    }
    return settings.toString();
  }

  private static void makeFiles(Path scratch) throws IOException {
    Path small = Files.createDirectories(scratch.resolve("small"));
    Path middle = Files.createDirectories(scratch.resolve("middle"));
    Random random = new Random(6);
    byte[] content = new byte[SMALL_BYTES];
    for (int i = 0; i < SMALL_FILES; i++) {
      random.nextBytes(content);
      Files.write(small.resolve("%05d".formatted(i)), content);
    }
    byte[] large = new byte[MIDDLE_BYTES];
    random.nextBytes(large);
    Path first = Files.write(middle.resolve("000"), large);
    for (int i = 1; i < MIDDLE_FILES; i++) {
      Files.createLink(middle.resolve("%03d".formatted(i)), first);
    }
  }

  private void run(int mebibytes) throws Exception {
    String unknown = lading.downloadOf("unread");
    String large = known("large");
    largeFile(mebibytes, large, unknown);
    String small = known("small");
    memory(
        "%,d files of %,d KB".formatted(SMALL_FILES, SMALL_BYTES / 1000),
        small + "get",
        SMALL_FILES);
    memory(
        "%,d files of %,d MB".formatted(MIDDLE_FILES, MIDDLE_BYTES / 1_000_000),
        known("middle") + "get",
        MIDDLE_FILES);
    table.print("Through nginx");
  }

  /** Makes a download of a root, all of whose CRC-32s are known from an earlier one. */
  private String known(String root) throws IOException {
    Sink.get(lading.port(), lading.downloadOf(root) + "download");
    return lading.downloadOf(root);
  }

  private void largeFile(int mebibytes, String known, String unknown) throws Exception {
    int front = NginxServer.freePort();
    try (NginxServer nginx = start(front)) {
      String url = lading.create(front, "unread").json().get("download_url").asText();
      String chosen = url.substring(url.lastIndexOf('/') + 1);
      Rounds rounds =
          new Rounds()
              .add("plain", () -> Sink.get(filesPort, "/large.bin"))
              .add("known", () -> Sink.get(front, known + "get"))
              .add("unknown", () -> Sink.get(front, unknown + "get"))
              .add("chosen", () -> Sink.get(front, unknown + chosen))
              .add("streamed", () -> Sink.get(front, known + "download"))
              .add("direct", () -> Sink.get(lading.port(), known + "download"))
              .run(ROUNDS);
      String file = "one file of %,d MiB, ".formatted(mebibytes);
      row(rounds, file + "CRC-32 known", "known", "plain", "plain nginx", nginx);
      row(rounds, file + "CRC-32 unknown", "unknown", "plain", "plain nginx", nginx);
      row(rounds, file + "unknown, auto's /" + chosen, "chosen", "plain", "plain nginx", nginx);
      row(rounds, file + "Lading's stream", "streamed", "direct", "without nginx", nginx);
      for (String name : List.of("plain", "known", "unknown", "chosen", "streamed", "direct")) {
        System.out.println(name + rounds.millis(name));
      }
    }
  }

  private void row(
      Rounds rounds, String what, String name, String other, String beside, NginxServer nginx)
      throws IOException {
    table.row(
        what,
        "%.2f s".formatted(rounds.median(name).toMillis() / 1e3),
        "%s: %.2f s".formatted(beside, rounds.median(other).toMillis() / 1e3),
        "%.2f".formatted(rounds.ratio(name, other)),
        peak(nginx));
  }

  /** Times an archive in an nginx of its own, whose worker then shows its largest memory. */
  private void memory(String what, String page, int files) throws Exception {
    int front = NginxServer.freePort();
    try (NginxServer nginx = start(front)) {
      double seconds = Rounds.time(() -> Sink.get(front, page)).toNanos() / 1e9;
      table.row(
          what,
          "%.2f s".formatted(seconds),
          "%,.0f files a second".formatted(files / seconds),
          "",
          peak(nginx));
    }
  }

  private NginxServer start(int front) throws IOException {
    NginxOptions options =
        NginxOptions.DEFAULTS
            .withApplication(URI.create("http://127.0.0.1:" + lading.port()))
            .withListen("127.0.0.1:" + front, "unix:" + scratch.resolve("files.sock"));
    String generated =
        NginxConfigurationRenderer.render(
            ConfigurationLoader.load(scratch.resolve("lading.yml"), Map.of()), options);
    String plain =
        "server { listen 127.0.0.1:%d; root \"%s\"; sendfile on; tcp_nopush on; }\n"
            .formatted(filesPort, scratch.resolve("large"));
    return NginxServer.start(nginxProgram, module, generated + plain);
  }

  private static String peak(NginxServer nginx) throws IOException {
    long kilobytes = 0;
    for (ProcessHandle worker : ProcessHandle.of(nginx.pid()).orElseThrow().children().toList()) {
      Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/" + worker.pid() + "/status")));
      kilobytes = Math.max(kilobytes, peak.find() ? Long.parseLong(peak.group(1)) : 0);
    }
    return kilobytes / 1024 + " MiB";
  }
}
