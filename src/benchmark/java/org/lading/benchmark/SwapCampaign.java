package org.lading.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import org.lading.testing.LadingProcess;
import org.lading.testing.ScratchDirectory;
import org.lading.testing.SwapAttack;
import org.lading.testing.SwapAttack.Result;

/**
 * No benchmark but an attack: somebody swaps a directory for a link out of the root every 25, 60
 * and 150 microseconds, while as many downloads as the argument says are fetched in ranges and
 * whole, and a tenth as many created, of {@code links} and {@code direct} roots; then a file for a
 * pipe, a socket and a device (the last only as root), half as many times. Prints what came from
 * outside, which must be nothing, and what hangs.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=SwapCampaign -Dbenchmark.arguments=10000
 * </pre>
 */
public final class SwapCampaign {
  private static final int[] MICROS = {25, 60, 150};

  private SwapCampaign() {}

  /** Runs it with as many downloads as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    int bad = 0;
    try (ScratchDirectory scratch = new ScratchDirectory();
        LadingProcess lading = LadingProcess.start(scratch.path(), SwapAttack.SETTINGS)) {
      SwapAttack attack = new SwapAttack(scratch.path(), lading.port());
      for (String root : new String[] {"links", "direct"}) {
        for (int micros : MICROS) {
          int part = count / MICROS.length / 2 + 1;
          bad += report(root + " downloads", micros, attack.downloads(root, part, micros, micros));
          bad += report(root + " creates", micros, attack.creates(root, part / 10 + 1, micros));
        }
      }
      for (String special : new String[] {"fifo", "socket", "device"}) {
        Path path = scratch.path().resolve("root/" + special);
        if (make(special, path)) {
          Result result = attack.specialFiles("direct", path, count / 6 + 1, MICROS[0]);
          bad += report(special, MICROS[0], result);
        }
      }
    }
    System.out.println(bad == 0 ? "nothing came from outside, nothing hangs" : "FAILED");
    System.exit(bad == 0 ? 0 : 1);
  }

  private static int report(String what, int micros, Result result) {
    System.out.printf("%s, every %d us: %s%n", what, micros, result);
    return result.leaks().size() + result.hanging();
  }

  private static boolean make(String kind, Path path) throws IOException, InterruptedException {
    String[] command =
        switch (kind) {
          case "fifo" -> new String[] {"mkfifo", path.toString()};
          case "socket" ->
              new String[] {
                "python3",
                "-c",
                "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
                path.toString()
              };
          default -> new String[] {"mknod", path.toString(), "c", "1", "5"};
        };
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }
}
