package org.lading.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.webapp.Configuration;
import org.eclipse.jetty.ee10.webapp.JettyWebXmlConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.ee10.webapp.WebInfConfiguration;
import org.eclipse.jetty.ee10.webapp.WebXmlConfiguration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application in a Jetty of its own. */
public final class WebServer {
  private static final Logger log = LoggerFactory.getLogger(WebServer.class);

  private static final int EXIT_FAILURE = 1;

  /**
   * The attribute of the servlet context with which the application offers to prepare its stop: it
   * takes the time that it has if its settings say nothing, and returns when it may be stopped.
   */
  private static final String DRAIN = "org.lading.drain";

  private static final Duration DRAIN_TIME = Duration.ofSeconds(30);

  private final Server server = new Server();
  private final ServerConnector connector;
  private final WebAppContext application = new WebAppContext();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread main = Thread.currentThread();

  private WebServer(Path war, String host, int port, String contextPath) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    this.connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    server.addConnector(connector);
    application.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
    application.setWar(war.toString());
    application.setTempDirectory(Files.createDirectory(war.resolve("work")).toFile());
    // The others look into each library for what the WAR's web.xml says that there is none of.
    application.setConfigurations(
        new Configuration[] {
          new WebInfConfiguration(),
          new WebXmlConfiguration(),
          new JettyWebXmlConfiguration(),
          new WebAppConfiguration()
        });
    // Otherwise an application that cannot start is one that answers 503 for ever.
    application.setThrowUnavailableOnStartupException(true);
    server.setHandler(application);
  }

  /**
   * Serves until a signal tells it to stop; then exits with 0, or with 1 if it cannot start.
   *
   * @param arguments the directory with the files of the WAR, host, port, context path
   */
  public static void main(String[] arguments) {
    LogOutput.setUp();
    try {
      WebServer server =
          new WebServer(
              Path.of(arguments[0]), arguments[1], Integer.parseInt(arguments[2]), arguments[3]);
      System.exit(server.run());
    } catch (Exception e) {
      // Jetty says in its first line which address it could not take.
      log.error("Lading cannot start: {}", e.getMessage());
      log.debug("The details", e);
      System.exit(EXIT_FAILURE);
    }
  }

  /** Serves until a signal tells it to stop, which may come during the start. */
  private int run() throws Exception {
    Signals.handle("TERM", this::stop);
    Signals.handle("INT", this::stop);
    // The JVM would end, which is not what a reload of a service means.
    Signals.handle("HUP", WebServer::reload);
    try {
      server.start();
      if (stop.getCount() > 0) {
        log.info(
            "Lading listens on http://{}:{}{}",
            connector.getHost(),
            connector.getLocalPort(),
            application.getContextPath());
      }
      stop.await();
    } catch (Exception e) {
      if (!isStopping()) {
        throw e;
      }
      log.debug("The start was given up", e);
    }
    // On this thread: those of signals do not keep the JVM from its end when Jetty's have ended.
    return isStopping() ? stop() : EXIT_FAILURE;
  }

  /** Returns whether a signal came, whose interruption is over then. */
  private synchronized boolean isStopping() {
    boolean isStopping = stop.getCount() == 0;
    if (isStopping) {
      Thread.interrupted();
    }
    return isStopping;
  }

  /** Ends the start, which may wait for a database, or the wait of a server that has started. */
  private synchronized void interrupt() {
    stop.countDown();
    main.interrupt();
  }

  private static void reload(String signal) {
    log.info("SIG{} came: changed settings hold without it, as soon as they are seen", signal);
  }

  /** Has the server stop: after the first signal in order, after a second one at once. */
  private void stop(String signal) {
    if (stop.getCount() == 0) {
      log.warn("SIG{} came again: Lading stops without waiting any longer", signal);
      System.exit(EXIT_FAILURE);
    }
    log.info("SIG{} came: Lading stops", signal);
    interrupt();
  }

  /** Stops, and returns the exit status. */
  private int stop() {
    int status = 0;
    try {
      if (application.getContext().getAttribute(DRAIN) instanceof Consumer<?> drain) {
        @SuppressWarnings("unchecked")
        Consumer<Duration> ofApplication = (Consumer<Duration>) drain;
        ofApplication.accept(DRAIN_TIME);
      }
      // It answers those who wait for it, so their connections stay until it has stopped.
      connector.close();
      application.stop();
      server.stop();
    } catch (Exception e) {
      log.error("Lading did not stop in order", e);
      status = EXIT_FAILURE;
    }
    log.info("Lading has stopped");
    return status;
  }
}
