package org.lading.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server in a JVM of its own, on the class path of the tests: a program that calls {@link #serve}
 * at the end.
 */
public final class JavaProcess implements AutoCloseable {
  private static final String READY = "listening on ";

  private final Process process;
  private final int port;

  private JavaProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a program, and returns when it serves.
   *
   * @param log the file that gets its error output
   */
  public static JavaProcess start(
      Class<?> program, List<String> arguments, Path log, String... jvmOptions) throws IOException {
    return startBy(List.of(), program, arguments, log, jvmOptions);
  }

  /**
   * As above, by another program.
   *
   * @param starter its command, to which that of the JVM is added
   */
  public static JavaProcess startBy(
      List<String> starter,
      Class<?> program,
      List<String> arguments,
      Path log,
      String... jvmOptions)
      throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(ofThisJvm());
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    // Nothing else reads the output, so it stays open.
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(READY)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException(Files.readString(log));
    }
    return new JavaProcess(process, Integer.parseInt(line.substring(READY.length())));
  }

  /**
   * The options by which the build makes the tests' own JVMs start quickly, or none: a benchmark's
   * JVM has none. A start takes 5 s of CPU without them, and 2.4 with them.
   */
  private static List<String> ofThisJvm() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:"))
        .toList();
  }

  /** Called by the program: tells its port, and returns when its input ends. */
  public static void serve(int port) throws IOException {
    System.out.println(READY + port);
    while (System.in.read() >= 0) {
      // Nothing is expected but the end.
    }
  }

  /** A client for it. */
  public Http http() {
    return new Http(URI.create("http://127.0.0.1:" + port));
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Ends it as a power cut would, so that nothing of it runs any more. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    if (!process.isAlive()) {
      return;
    }
    // The end of its input tells it to stop.
    process.getOutputStream().close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the program did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
