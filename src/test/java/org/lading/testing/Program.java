package org.lading.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program of this machine that a test gives something to do; it must end well within minutes. */
public final class Program {
  private static final int MINUTES = 5;
  private static final int SHOWN = 2000;

  private final String command;
  private final Process process;
  private final Path output;

  private Program(String command, Process process, Path output) {
    this.command = command;
    this.process = process;
    this.output = output;
  }

  /** Starts it; what it prints goes to a file in the directory. */
  public static Program start(Path directory, String... command) throws IOException {
    Path output = Files.createTempFile(directory, "output", null);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    return new Program(String.join(" ", command), builder.start(), output);
  }

  /** Runs it to its end. */
  public static String run(Path directory, String... command)
      throws IOException, InterruptedException {
    return start(directory, command).printed();
  }

  /** What it printed, when it has ended; an error if its exit code is not 0. */
  public String printed() throws IOException, InterruptedException {
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("does not end: " + command);
    }
    String printed = Files.readString(output, StandardCharsets.ISO_8859_1);
    if (process.exitValue() != 0) {
      throw new AssertionError(
          "%s\nended with %d: %s"
              .formatted(
                  command,
                  process.exitValue(),
                  printed.substring(Math.max(0, printed.length() - SHOWN))));
    }
    return printed;
  }
}
