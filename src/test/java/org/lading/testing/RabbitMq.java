package org.lading.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real RabbitMQ in a directory of its own, on free loopback ports, for the user {@code guest}. It
 * can be stopped and started again, and then has its durable queues. It ends with this process.
 */
public final class RabbitMq {
  /** The program that has to be there. */
  public static final String PROGRAM = "rabbitmq-server";

  /** Debian's own script changes to another user first, whom others' directories are closed to. */
  private static final Path SCRIPT = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

  private static final Duration START = Duration.ofSeconds(60);
  private static final int STOP_SECONDS = 30;

  private static RabbitMq shared;

  private final ScratchDirectory scratch;
  private final Path directory;
  private final Certificate certificate;
  private final int port = NginxServer.freePort();
  private final int tlsPort = NginxServer.freePort();
  private final int nodePort = NginxServer.freePort();
  private final int mapperPort = NginxServer.freePort();
  private final Process mapper;
  private Process process;

  private RabbitMq() throws IOException {
    this.scratch = new ScratchDirectory();
    this.directory = scratch.path();
    this.certificate = Certificate.of("localhost", directory);
    Files.writeString(directory.resolve("plugins"), "[].\n");
    Files.writeString(
        directory.resolve("rabbitmq.conf"),
        """
        listeners.tcp.default = 127.0.0.1:%d
        listeners.ssl.default = 127.0.0.1:%d
        ssl_options.cacertfile = %s
        ssl_options.certfile = %s
        ssl_options.keyfile = %s
        ssl_options.verify = verify_none
        """
            .formatted(port, tlsPort, certificate.pem(), certificate.pem(), certificate.key()));
    // Erlang would start it by itself, and leave it running.
    this.mapper =
        new ProcessBuilder(
                Programs.HERE.get("epmd").toString(),
                "-address",
                "127.0.0.1",
                "-port",
                Integer.toString(mapperPort))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("mapper").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  /** The broker of all test classes of this process, which runs. */
  public static synchronized RabbitMq shared() {
    try {
      if (shared == null) {
        RabbitMq made = new RabbitMq();
        made.start();
        shared = made;
      }
      return shared;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port for connections in the clear. */
  public int port() {
    return port;
  }

  /** The port for connections with TLS. */
  public int tlsPort() {
    return tlsPort;
  }

  /** The certificate that it shows there, of {@code localhost}. */
  public Certificate certificate() {
    return certificate;
  }

  /** Starts it, and returns when it takes connections. */
  public synchronized void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(SCRIPT.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()));
    Map<String, String> variables = builder.environment();
    variables.put("HOME", directory.toString());
    variables.put("RABBITMQ_NODENAME", "lading@localhost");
    variables.put("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq.conf").toString());
    variables.put("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString());
    variables.put("RABBITMQ_DIST_PORT", Integer.toString(nodePort));
    variables.put("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString());
    variables.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
    variables.put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
    variables.put("RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("plugins").toString());
    // One thread that does not spin: a test has few messages, and other tests to run beside it.
    variables.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}");
    variables.put("ERL_EPMD_PORT", Integer.toString(mapperPort));
    variables.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    process = builder.start();
    Traces.awaited(START, () -> isOver() || (accepts(port) && accepts(tlsPort)), done -> done);
    if (isOver()) {
      throw new IOException(Files.readString(directory.resolve("output")));
    }
  }

  /** Stops it as an operator does. */
  public synchronized void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("RabbitMQ does not stop");
    }
  }

  private boolean isOver() {
    return !process.isAlive();
  }

  private void end() {
    try {
      List<ProcessHandle> all = process.descendants().toList();
      all.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      mapper.destroyForcibly();
      for (ProcessHandle each : all) {
        each.onExit().join();
      }
      scratch.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
}
