package org.lading.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lading.testing.Traces;

/** The WAR as it was built, run by {@code java -jar}. */
final class WarProcess implements AutoCloseable {
  /** What the line of the ignored signals begins with, the first of which is the hangup. */
  private static final String IGNORED = "SigIgn:";

  private static final Pattern LISTENS = Pattern.compile("Lading listens on (http://[^/\\s]+)");
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path directory;

  private WarProcess(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /**
   * Starts it in a directory, where {@code tmp} has its temporary files and {@code log} its log.
   */
  static WarProcess start(Path directory, Path war, String... arguments) throws IOException {
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    List<String> command = new ArrayList<>();
    if (isHangupIgnored()) {
      // As below nohup: a JVM takes no signal that is ignored when it starts.
      command.addAll(List.of("env", "--default-signal=HUP"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    // Those by which the tests' own JVMs start quickly.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:"))
        .forEach(command::add);
    command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-jar", war.toString()));
    command.addAll(List.of(arguments));
    return new WarProcess(
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("log").toFile())
            .start(),
        directory);
  }

  private static boolean isHangupIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(IGNORED))
          .map(line -> new BigInteger(line.substring(IGNORED.length()).strip(), 16))
          .anyMatch(signals -> signals.testBit(0));
    }
  }

  /** Where it listens, as soon as it does. */
  URI address() {
    Matcher found =
        Traces.awaited(
            Duration.ofSeconds(PATIENCE_SECONDS),
            () -> LISTENS.matcher(log()),
            matcher -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(log());
              }
              return matcher.reset().find();
            });
    return URI.create(found.group(1));
  }

  /** What it has written to its error output. */
  String log() {
    return text("log");
  }

  /** What it has written to its output. */
  String out() {
    return text("out");
  }

  /** The files that it has in its temporary directory. */
  String[] temporaryFiles() {
    return directory.resolve("tmp").toFile().list();
  }

  /** Sends it SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Sends it a signal, as {@code HUP}. */
  void signal(String name) throws IOException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().onExit().join();
  }

  /** Its exit status, as soon as it has ended. */
  int exitStatus() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it does not end: " + log());
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private String text(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
