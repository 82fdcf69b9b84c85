package org.lading.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.lading.testing.Http.Reply;

/** Lading in a JVM of its own, with a heap as large as the test says. */
public final class LadingProcess implements AutoCloseable {
  private final JavaProcess process;

  private LadingProcess(JavaProcess process) {
    this.process = process;
  }

  /** Starts {@link LadingServer} with the settings of a file in the directory. */
  public static LadingProcess start(Path directory, String settings, String... jvmOptions)
      throws IOException {
    return start(0, directory, settings, jvmOptions);
  }

  /** As above, on the given port, so that it can be started there again. */
  public static LadingProcess start(int port, Path directory, String settings, String... jvmOptions)
      throws IOException {
    return startBy(List.of(), port, directory, settings, jvmOptions);
  }

  /**
   * As above, where a directory is a file system of its own, which nobody else sees.
   *
   * @param mounted the directory
   * @param options the options of {@code mount} for a file system in memory
   */
  public static LadingProcess startWithMount(
      Path mounted, String options, Path directory, String settings, String... jvmOptions)
      throws IOException {
    String script = "mount -t tmpfs -o %s tmpfs '%s' && exec \"$@\"".formatted(options, mounted);
    return startBy(
        List.of("unshare", "-rm", "sh", "-c", script, "sh"), 0, directory, settings, jvmOptions);
  }

  private static LadingProcess startBy(
      List<String> starter, int port, Path directory, String settings, String... jvmOptions)
      throws IOException {
    Files.writeString(directory.resolve("settings"), settings);
    return new LadingProcess(
        JavaProcess.startBy(
            starter,
            LadingProcess.class,
            List.of(directory.toString(), Integer.toString(port)),
            directory.resolve("lading.log"),
            jvmOptions));
  }

  /** A client for it. */
  public Http http() {
    return process.http();
  }

  /** The port it listens on. */
  public int port() {
    return process.port();
  }

  /** Makes a download of all that lies below a root; its address without the last part. */
  public String downloadOf(String root) {
    return "/downloads" + LadingServer.page(create(root), "");
  }

  /** The answer to a request for all that lies below a root. */
  public Reply create(String root) {
    return create(port(), root);
  }

  /** The same by way of a proxy on this machine, which listens on the port. */
  public Reply create(int port, String root) {
    String request =
        "{\"root\": \"%s\", \"targets\": [{\"type\": \"directory\", \"path\": \"\", \"recursive\": true}]}"
            .formatted(root);
    try (Http http = new Http(URI.create("http://127.0.0.1:" + port))) {
      byte[] body = request.getBytes(StandardCharsets.UTF_8);
      return http.post("/downloads/create", body, "Prefer", LadingServer.PATIENT);
    }
  }

  /** Ends it as a power cut would, so that nothing of it runs any more. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /** A path as the process sees it, which may have file systems of its own. */
  public Path seen(Path path) {
    return Path.of("/proc", Long.toString(pid()), "root", path.toString());
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }

  /** The process itself: serves until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    String settings = Files.readString(directory.resolve("settings"));
    int port = Integer.parseInt(arguments[1]);
    try (LadingServer server = LadingServer.start(directory, settings, Clock.systemUTC(), port)) {
      JavaProcess.serve(server.port());
    }
  }
}
