package org.lading.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lading.testing.Http.Reply;

/** Lading in a JVM of its own, with a heap as large as the test says. */
public final class LadingProcess implements AutoCloseable {
  private static final String READY = "listening on ";

  private final Process process;
  private final int port;

  private LadingProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts {@link LadingServer} with the settings of a file in the directory. */
  public static LadingProcess start(Path directory, String settings, String... jvmOptions)
      throws IOException {
    return start(0, directory, settings, jvmOptions);
  }

  /** As above, on the given port, so that it can be started there again. */
  public static LadingProcess start(int port, Path directory, String settings, String... jvmOptions)
      throws IOException {
    Files.writeString(directory.resolve("settings"), settings);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LadingProcess.class.getName(), directory.toString()));
    command.add(Integer.toString(port));
    Process process =
        new ProcessBuilder(command).redirectError(directory.resolve("lading.log").toFile()).start();
    // Read to its end by nobody else, so it stays open.
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(READY)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException(Files.readString(directory.resolve("lading.log")));
    }
    return new LadingProcess(process, Integer.parseInt(line.substring(READY.length())));
  }

  /** A client for it. */
  public Http http() {
    return new Http(URI.create("http://127.0.0.1:" + port));
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Makes a download of all that lies below a root; its address without the last part. */
  public String downloadOf(String root) {
    String request =
        "{\"root\": \"%s\", \"targets\": [{\"type\": \"directory\", \"path\": \"\", \"recursive\": true}]}"
            .formatted(root);
    try (Http http = http()) {
      Reply created =
          http.post(
              "/downloads/create",
              request.getBytes(StandardCharsets.UTF_8),
              "Prefer",
              LadingServer.PATIENT);
      return "/downloads" + LadingServer.page(created, "");
    }
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
        throw new IOException("Lading did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  /** The process itself: serves until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    String settings = Files.readString(directory.resolve("settings"));
    int port = Integer.parseInt(arguments[1]);
    try (LadingServer server = LadingServer.start(directory, settings, Clock.systemUTC(), port)) {
      System.out.println(READY + server.port());
      while (System.in.read() >= 0) {
        // Nothing is expected but the end.
      }
    }
  }
}
