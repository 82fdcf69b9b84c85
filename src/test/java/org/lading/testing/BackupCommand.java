package org.lading.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.lading.backup.Main;

/**
 * What one command of backup, restore, export or import did.
 *
 * @param exit its exit code
 * @param printed what it printed, on either stream
 */
public record BackupCommand(int exit, String printed) {
  /** Runs a command for the Lading whose settings file is in a directory. */
  public static BackupCommand run(Path home, String command, Path directory) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      String settings = home.resolve("lading.yml").toString();
      List<String> arguments = List.of(command, directory.toString(), "--config", settings);
      int exit = Main.run(arguments, Map.of(), out, out);
      return new BackupCommand(exit, printed.toString(StandardCharsets.UTF_8));
    }
  }

  /** As above, where it must not fail. */
  public static String done(Path home, String command, Path directory) {
    BackupCommand done = run(home, command, directory);
    if (done.exit() != 0) {
      throw new AssertionError(command + ": " + done.printed());
    }
    return done.printed();
  }

  /** As above, where it must fail; what it said. */
  public static String refused(Path home, String command, Path directory) {
    BackupCommand refused = run(home, command, directory);
    if (refused.exit() != 1) {
      throw new AssertionError(command + " exited with " + refused);
    }
    return refused.printed();
  }
}
