package org.lading.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real nginx in a directory of its own, stopped by {@link #close()}. The configurations must
 * listen on loopback ports from {@link #freePort()}.
 */
public final class NginxServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);
  private static final int STOP_SECONDS = 10;
  private static final Pattern LISTEN = Pattern.compile("(?m)^\\s*listen\\s+(?:[^\\s;]*:)?(\\d+)");

  private final Path directory;
  private final Process process;
  private final Thread stopper;

  private NginxServer(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
    this.stopper = new Thread(process::destroy);
    // Should the JVM be stopped in the middle of a test, nginx would otherwise outlive it.
    Runtime.getRuntime().addShutdownHook(stopper);
  }

  /** Starts nginx with the text inside {@code http {}}; returns when every port accepts. */
  public static NginxServer start(String httpConfiguration) throws IOException {
    return start(Programs.HERE.get("nginx"), "", httpConfiguration);
  }

  /**
   * As above with another binary, and with directives for the top of the file, such as {@code
   * load_module}.
   */
  public static NginxServer start(Path binary, String mainConfiguration, String httpConfiguration)
      throws IOException {
    Path directory = write(mainConfiguration, httpConfiguration);
    Process process = run(binary, directory);
    NginxServer server = new NginxServer(directory, process);
    try {
      Matcher listen = LISTEN.matcher(httpConfiguration);
      while (listen.find()) {
        server.awaitPort(Integer.parseInt(listen.group(1)));
      }
    } catch (IOException | RuntimeException e) {
      IOException failure = new IOException(server.errorLog(), e);
      server.close();
      throw failure;
    }
    return server;
  }

  /** As the first, with workers of another user, who reads only what others may; for root. */
  public static NginxServer startAs(String user, String httpConfiguration) throws IOException {
    return start(Programs.HERE.get("nginx"), "user " + user + ";", httpConfiguration);
  }

  /** Whether {@link #startAs} is possible: only root may have others' processes. */
  public static boolean canStartAsAnother() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** What {@code nginx -t} says of the text inside {@code http {}}, its exit code in front. */
  public static String check(String httpConfiguration) throws IOException {
    Path directory = write("", httpConfiguration);
    try {
      Process process = run(Programs.HERE.get("nginx"), directory, "-t");
      boolean ended = process.waitFor(START.toSeconds(), TimeUnit.SECONDS);
      String said = Files.readString(directory.resolve("output"));
      return (ended ? process.exitValue() : "still running") + " " + said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      delete(directory);
    }
  }

  /** Returns a free port of the loopback address. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The error log so far, and what nginx said before it had one. */
  public String errorLog() throws IOException {
    Path log = directory.resolve("error.log");
    return Files.readString(directory.resolve("output"))
        + (Files.exists(log) ? Files.readString(log) : "");
  }

  /** The id of nginx's own process. */
  public long pid() {
    return process.pid();
  }

  /** Stops nginx and removes its directory. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(stopper);
    delete(directory);
  }

  private void awaitPort(int port) throws IOException {
    Instant end = Instant.now().plus(START);
    while (!accepts(port)) {
      try {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IOException("nginx ended with " + process.exitValue());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      if (Instant.now().isAfter(end)) {
        throw new IOException("nginx does not accept on port " + port);
      }
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Process run(Path binary, Path directory, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    // Before it has read its configuration, nginx would log to a place that only root can write.
    command.addAll(List.of("-p", directory + "/", "-e", directory.resolve("error.log").toString()));
    command.addAll(List.of("-c", directory.resolve("nginx.conf").toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
  }

  private static Path write(String mainConfiguration, String httpConfiguration) throws IOException {
    Path directory = Files.createTempDirectory("lading-nginx");
    Files.writeString(directory.resolve("lading.conf"), httpConfiguration, StandardCharsets.UTF_8);
    Files.writeString(
        directory.resolve("nginx.conf"),
        """
        %1$s
        %4$s
        %2$s
        daemon off;
        pid "%3$s/nginx.pid";
        error_log "%3$s/error.log" info;
        events { worker_connections 4096; }
        http {
            access_log off;
            client_body_temp_path "%3$s/body";
            proxy_temp_path "%3$s/proxy";
            fastcgi_temp_path "%3$s/fastcgi";
            uwsgi_temp_path "%3$s/uwsgi";
            scgi_temp_path "%3$s/scgi";
            include "%3$s/lading.conf";
        }
        """
            .formatted(
                mainConfiguration.contains("user ") ? "" : user(),
                mainConfiguration,
                directory,
                mainConfiguration.contains("worker_processes ") ? "" : "worker_processes 1;"),
        StandardCharsets.UTF_8);
    if (mainConfiguration.contains("user ")) {
      // Its workers have to pass through to their temporary files.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }
    return directory;
  }

  // Started by root, workers would otherwise be "nobody", who cannot read a test's directories.
  private static String user() {
    return canStartAsAnother() ? "user root;" : "";
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
