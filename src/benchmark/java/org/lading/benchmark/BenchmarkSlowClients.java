package org.lading.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.NginxServer;
import org.lading.testing.ScratchDirectory;

/**
 * A fast client of an archive of 1 GiB, alone and beside many clients of the same archive that read
 * 20 KB a second, on Tomcat with as many threads as it has by default, in a heap that the second
 * argument limits; the same of nginx and the plain file, which says what the slow clients cost the
 * machine. The first argument is how many slow clients.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=BenchmarkSlowClients "-Dbenchmark.arguments=1000 512m"
 * </pre>
 */
public final class BenchmarkSlowClients {
  private static final int ROUNDS = 2;
  private static final int MEBIBYTES = 1024;
  private static final int BYTES_PER_SECOND = 20_000;
  private static final Duration BESIDE = Duration.ofSeconds(20);
  private static final int ALONE = 5;
  private static final double MIB = 1 << 20;

  private BenchmarkSlowClients() {}

  /** Runs it with as many slow clients as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int clients = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      Path root = scratch.path().resolve("root");
      LargeFile.make(root.resolve("large.bin"), MEBIBYTES);
      int port = NginxServer.freePort();
      String plain =
          "server { listen 127.0.0.1:%d; root \"%s\"; sendfile on; }".formatted(port, root);
      String threads = "-D%s=%d".formatted(LadingServer.MAX_THREADS, LadingServer.TOMCAT_THREADS);
      String settings = "roots:\n  - {name: main, path: root, serve: direct}\n";
      try (NginxServer nginx = NginxServer.start(plain);
          LadingProcess lading =
              LadingProcess.start(scratch.path(), settings, "-Xmx" + arguments[1], threads);
          ProcessProbe probe = new ProcessProbe(lading.pid())) {
        Server ofNginx = new Server("nginx", port, "/large.bin", clients);
        String download = lading.downloadOf("main") + "download";
        Server ofLading = new Server("lading", lading.port(), download, clients);
        System.out.printf("nginx is process %d, lading %d%n", nginx.pid(), lading.pid());
        for (int round = 0; round < ROUNDS; round++) {
          ofNginx.measure(() -> {});
          long before = probe.usedAfterGc();
          ofLading.measure(
              () ->
                  System.out.printf(
                      "lading has %d threads and %.0f MiB of heap in use, %.0f KiB a slow client%n",
                      probe.threads(),
                      probe.usedAfterGc() / MIB,
                      (probe.usedAfterGc() - before) / 1024.0 / clients));
        }
        ofNginx.print();
        ofLading.print();
      }
    }
  }

  /** One of the two, with what was measured. */
  private static final class Server {
    private final String name;
    private final int port;
    private final String target;
    private final int clients;
    private final List<Duration> alone = new ArrayList<>();
    private final List<Duration> beside = new ArrayList<>();
    private final List<Long> onPace = new ArrayList<>();

    Server(String name, int port, String target, int clients) {
      this.name = name;
      this.port = port;
      this.target = target;
      this.clients = clients;
    }

    void measure(Runnable besideThem) throws Exception {
      for (int i = 0; i < ALONE; i++) {
        alone.add(Rounds.time(this::fetch));
      }
      long end = System.nanoTime() + BESIDE.toNanos();
      try (SlowClients slow = SlowClients.start(port, target, clients, BYTES_PER_SECOND)) {
        while (System.nanoTime() < end) {
          beside.add(Rounds.time(this::fetch));
        }
        onPace.add(slow.onPace());
        besideThem.run();
      }
    }

    void print() {
      Duration fast = Rounds.median(alone);
      Duration slowed = Rounds.median(beside);
      System.out.printf(
          "%-6s alone %5d ms, beside %d slow clients %5d ms: %.2f of the speed;"
              + " on pace in each round: %s%n",
          name,
          fast.toMillis(),
          clients,
          slowed.toMillis(),
          (double) fast.toNanos() / slowed.toNanos(),
          onPace);
    }

    private long fetch() throws IOException {
      return Sink.get(port, target);
    }
  }
}
