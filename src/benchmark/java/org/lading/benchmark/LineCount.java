package org.lading.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Lines that were read and thrown away.
 *
 * @param lines how many ends of lines there were
 * @param firstByte how long the first byte took, from the request or the start of the program
 */
public record LineCount(long lines, Duration firstByte) {
  private static final int BUFFER = 1 << 20;

  /**
   * Returns the number of lines of the body of a GET from the loopback address; fails unless 200
   * and whole.
   */
  public static LineCount get(int port, String target) throws IOException {
    long start = System.nanoTime();
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + target).toURL().openConnection();
    if (connection.getResponseCode() != 200) {
      throw new IOException("status " + connection.getResponseCode() + " for " + target);
    }
    try (InputStream in = connection.getInputStream()) {
      return read(in, start);
    }
  }

  /** The lines that a program prints; fails unless it ends with 0. */
  public static LineCount of(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    // What this machine's user has set for the AWS is not for the servers of a test.
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      LineCount count = read(out, start);
      if (process.waitFor() != 0) {
        throw new IOException(command + " ended with " + process.exitValue());
      }
      return count;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns this count, or throws if it is not the expected one. */
  public LineCount require(long expected) throws IOException {
    if (lines != expected) {
      throw new IOException("%d lines instead of %d".formatted(lines, expected));
    }
    return this;
  }

  private static LineCount read(InputStream in, long start) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long lines = 0;
    int read = in.read(buffer);
    Duration firstByte = Duration.ofNanos(System.nanoTime() - start);
    for (; read >= 0; read = in.read(buffer)) {
      for (int i = 0; i < read; i++) {
        lines += buffer[i] == '\n' ? 1 : 0;
      }
    }
    return new LineCount(lines, firstByte);
  }
}
