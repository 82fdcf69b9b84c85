package org.lading.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3RootSettings;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeBucketServer;
import org.lading.testing.LargeBucketServer.Calls;
import org.lading.testing.LargeKeys;
import org.lading.testing.ScratchDirectory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Listing a large bucket that is 50 ms away, beside the SDK's paginator, which asks for page after
 * page, through the same delay; then creating downloads of very many single files of one directory
 * of it, over HTTP. The server is in a JVM of its own. The arguments are how many keys the bucket
 * has, how many files are asked for, and the rounds.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkListing \
 *   "-Dbenchmark.arguments=100000 10000 3"</pre>
 */
public final class BenchmarkListing {
  private static final Duration DELAY = Duration.ofMillis(50);
  private static final int PAGE = 1000;
  private static final int WARM_UP = 15;

  private final int keys;
  private final int targets;
  private final int rounds;

  private BenchmarkListing(int keys, int targets, int rounds) {
    this.keys = keys;
    this.targets = targets;
    this.rounds = rounds;
  }

  /** Runs it; see the class. */
  public static void main(String[] arguments) throws Exception {
    new BenchmarkListing(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]))
        .run();
  }

  private void run() throws Exception {
    MarkdownTable listings =
        new MarkdownTable(
            "keys", "page after page", "Lading", "times faster", "calls", "N/1000 x 1.3 + 50");
    MarkdownTable creates =
        new MarkdownTable("file targets", "create", "files a second", "lists", "heads");
    for (String shape : new String[] {"flat", "albums", "tree"}) {
      try (ScratchDirectory scratch = new ScratchDirectory();
          LargeBucketProcess s3 =
              LargeBucketProcess.start(scratch.path(), shape, keys, "-Xmx512m");
          DelayingProxy far = new DelayingProxy(s3.endpoint().getPort(), DELAY)) {
        list(shape, s3, far, listings);
        if (shape.equals("flat")) {
          create(scratch.path(), s3, far, creates);
        }
      }
    }
    listings.print(
        "Listing a bucket %d ms away, medians of %d".formatted(DELAY.toMillis(), rounds));
    creates.print(
        "Creating downloads of single files of one directory of %d objects, %d ms away, medians of %d"
            .formatted(keys, DELAY.toMillis(), rounds));
  }

  private void list(String shape, LargeBucketProcess s3, DelayingProxy far, MarkdownTable table)
      throws Exception {
    long[] expected = {0};
    try (S3Client client = LargeBucketServer.client(s3.endpoint());
        S3Root root = new S3Root(settings(s3.endpoint()))) {
      // The code of all three gets warm without the delay.
      for (int i = 0; i < WARM_UP; i++) {
        expected[0] = pageAfterPage(client);
        requireSame(expected[0], lading(root));
      }
    }
    try (S3Client client = LargeBucketServer.client(far.endpoint());
        S3Root root = new S3Root(settings(far.endpoint()))) {
      Calls[] calls = new Calls[1];
      Rounds times =
          new Rounds()
              .add("pages", () -> requireSame(expected[0], pageAfterPage(client)))
              .add(
                  "lading",
                  () -> {
                    Calls before = s3.calls();
                    long found = lading(root);
                    calls[0] = s3.calls().since(before);
                    return requireSame(expected[0], found);
                  })
              .run(rounds);
      table.row(
          "%,d, %s".formatted(keys, shape),
          times.median("pages").toMillis() + " ms",
          times.median("lading").toMillis() + " ms",
          "%.1f".formatted(times.ratio("pages", "lading")),
          calls[0].all(),
          Math.round(1.3 * keys / PAGE + 50));
      System.out.printf("%s, pages:  %s%n", shape, times.millis("pages"));
      System.out.printf("%s, Lading: %s%n", shape, times.millis("lading"));
    }
  }

  private void create(Path directory, LargeBucketProcess s3, DelayingProxy far, MarkdownTable table)
      throws Exception {
    Path lading = Files.createDirectory(directory.resolve("lading"));
    String settings = "roots:\n" + LargeBucketServer.root(far.endpoint());
    try (LadingProcess process = LadingProcess.start(lading, settings, "-Xmx256m");
        Http http = process.http()) {
      for (int step : new int[] {1, keys / targets}) {
        byte[] request = request(step);
        Calls before = s3.calls();
        Rounds times = new Rounds().add("create", () -> created(http, request)).run(rounds);
        Calls calls = s3.calls().since(before);
        Duration median = times.median("create");
        table.row(
            step == 1
                ? "%,d in a row".formatted(targets)
                : "%,d, every %d.".formatted(targets, step),
            median.toMillis() + " ms",
            "%,d".formatted(targets * 1000L / median.toMillis()),
            calls.lists() / rounds,
            calls.heads() / rounds);
        System.out.printf("targets, step %d: %s%n", step, times.millis("create"));
      }
    }
  }

  private byte[] request(int step) {
    LargeKeys all = LargeKeys.flat(keys);
    String list =
        IntStream.range(0, targets)
            .mapToObj(i -> "{\"type\": \"file\", \"path\": \"%s\"}".formatted(all.get(i * step)))
            .collect(Collectors.joining(", "));
    return "{\"root\": \"s3\", \"targets\": [%s]}".formatted(list).getBytes(StandardCharsets.UTF_8);
  }

  private Reply created(Http http, byte[] request) {
    Reply reply = http.post("/downloads/create", request, "Prefer", LadingServer.PATIENT);
    if (reply.status() != 201 || reply.json().get("file_count").asInt() != targets) {
      throw new IllegalStateException(reply.toString());
    }
    return reply;
  }

  /** What tells the keys and their order from others. */
  private static long pageAfterPage(S3Client client) {
    long[] sum = {0};
    client
        .listObjectsV2Paginator(list -> list.bucket(LargeBucketServer.bucket()))
        .contents()
        .forEach(object -> sum[0] = 31 * sum[0] + object.key().hashCode());
    return sum[0];
  }

  private static long lading(S3Root root) {
    long[] sum = {0};
    root.list("", true, item -> sum[0] = 31 * sum[0] + item.key().hashCode());
    return sum[0];
  }

  private static long requireSame(long expected, long found) throws IOException {
    if (found != expected) {
      throw new IOException("other keys, or in another order");
    }
    return found;
  }

  private static S3RootSettings settings(URI endpoint) {
    return S3RootSettings.builder("s3", LargeBucketServer.bucket())
        .region("us-east-1")
        .credentials(LargeBucketServer.accessKeyId(), LargeBucketServer.secretAccessKey())
        .endpoint(endpoint)
        .pathStyle(true)
        .build();
  }
}
