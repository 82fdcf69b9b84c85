package org.lading.benchmark;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.lading.testing.Http;
import org.lading.testing.JavaProcess;
import org.lading.testing.LargeBucketServer;
import org.lading.testing.LargeBucketServer.Calls;
import org.lading.testing.LargeKeys;

/** A {@link LargeBucketServer} in a JVM of its own, so that its work is not mixed with others'. */
public final class LargeBucketProcess implements AutoCloseable {
  private final JavaProcess process;

  private LargeBucketProcess(JavaProcess process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param directory gets its log
   * @param shape a shape of {@link LargeKeys#shape}
   */
  public static LargeBucketProcess start(
      Path directory, String shape, int count, String... jvmOptions) throws IOException {
    return start(directory, shape, new int[] {count}, jvmOptions);
  }

  /** As above, for a shape that takes several numbers. */
  public static LargeBucketProcess start(
      Path directory, String shape, int[] counts, String... jvmOptions) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(shape));
    for (int count : counts) {
      arguments.add(Integer.toString(count));
    }
    return new LargeBucketProcess(
        JavaProcess.start(
            LargeBucketProcess.class,
            arguments,
            directory.resolve("large-bucket.log"),
            jvmOptions));
  }

  /** The base URL, without a trailing slash. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + numbers()[0]);
  }

  /** The settings of a root named {@code s3} for it, in the list under {@code roots}. */
  public String root() {
    return LargeBucketServer.root(endpoint());
  }

  /** What it was asked so far. */
  public Calls calls() {
    long[] numbers = numbers();
    return new Calls(numbers[1], numbers[2], numbers[3]);
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }

  private long[] numbers() {
    try (Http http = process.http()) {
      String[] words = http.get("/").text().split(" ", -1);
      long[] numbers = new long[words.length];
      for (int i = 0; i < words.length; i++) {
        numbers[i] = Long.parseLong(words[i]);
      }
      return numbers;
    }
  }

  /**
   * Runs the server: the arguments are the shape and its numbers of keys. The port that it tells
   * answers where the server is, and what it was asked.
   */
  public static void main(String[] arguments) throws IOException {
    int[] counts = Stream.of(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
    LargeKeys keys = LargeKeys.shape(arguments[0], counts);
    HttpServer about =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (LargeBucketServer server = new LargeBucketServer(keys)) {
      about.createContext(
          "/",
          exchange -> {
            try (exchange) {
              Calls calls = server.calls();
              byte[] answer =
                  "%d %d %d %d"
                      .formatted(
                          server.endpoint().getPort(), calls.lists(), calls.heads(), calls.gets())
                      .getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, answer.length);
              exchange.getResponseBody().write(answer);
            }
          });
      about.start();
      JavaProcess.serve(about.getAddress().getPort());
    } finally {
      about.stop(0);
    }
  }
}
