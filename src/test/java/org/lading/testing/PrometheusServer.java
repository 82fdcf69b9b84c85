package org.lading.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Prometheus with an empty database in a directory, stopped by {@link #close()}. */
public final class PrometheusServer implements AutoCloseable {
  private static final int STOP_SECONDS = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Thread stopper;
  private final Http http;

  private PrometheusServer(Process process, int port) {
    this.process = process;
    this.stopper = new Thread(process::destroy);
    // Should the JVM be stopped in the middle of a test, Prometheus would otherwise outlive it.
    Runtime.getRuntime().addShutdownHook(stopper);
    this.http = new Http(URI.create("http://127.0.0.1:" + port));
  }

  /** Starts it with a configuration; returns when it is ready. */
  public static PrometheusServer start(Path directory, Path configuration) throws IOException {
    int port = NginxServer.freePort();
    Process process =
        new ProcessBuilder(
                Programs.HERE.get("prometheus").toString(),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(directory, "prometheus", null).toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, port);
    Traces.eventually(server::isReady, ready -> ready);
    return server;
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new AssertionError("Prometheus ended with " + process.exitValue());
    }
    try {
      return http.get("/-/ready").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The values that an expression has now, of each series one; a value may be no number. */
  public List<Double> query(String expression) {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    List<Double> values = new ArrayList<>();
    ask("/api/v1/query?query=" + encoded)
        .path("result")
        .forEach(
            series ->
                values.add(
                    Double.valueOf(
                        series.get("value").get(1).asText().replace("Inf", "Infinity"))));
    return values;
  }

  /** The alerting rules, as {@code /api/v1/rules} has them. */
  public List<JsonNode> rules() {
    List<JsonNode> rules = new ArrayList<>();
    ask("/api/v1/rules").path("groups").forEach(group -> group.path("rules").forEach(rules::add));
    return rules;
  }

  private JsonNode ask(String page) {
    String text = http.get(page).text();
    try {
      JsonNode answer = JSON.readTree(text);
      if (!"success".equals(answer.path("status").asText())) {
        throw new AssertionError(page + ": " + text);
      }
      return answer.path("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(stopper);
  }
}
