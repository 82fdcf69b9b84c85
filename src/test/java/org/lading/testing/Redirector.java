package org.lading.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Answers with {@code X-Accel-Redirect} to the location in the header {@code Location-To-Fetch}:
 * nginx decodes that once, as mod_zip does a location of a manifest.
 */
public final class Redirector implements AutoCloseable {
  private final HttpServer server;

  /** Starts it on a free port of 127.0.0.1. */
  public Redirector() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext("/", Redirector::redirect);
    server.start();
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    try (exchange) {
      String location = exchange.getRequestHeaders().getFirst("Location-To-Fetch");
      exchange.getResponseHeaders().set("X-Accel-Redirect", location);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
