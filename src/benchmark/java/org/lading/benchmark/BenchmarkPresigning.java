package org.lading.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lading.manifest.Entry;
import org.lading.modzip.EntryBuffers;
import org.lading.modzip.ManifestWriter;
import org.lading.root.LocationEncoding;
import org.lading.root.Roots;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3RootSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Whole manifest lines of S3 objects a second on one core, presigned and written into nothing,
 * beside the SDK's presigner making only the URLs of the same objects. The arguments are JMH's.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkPresigning</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx256m", "-XX:+UseSerialGC"})
public class BenchmarkPresigning {
  private static final int OBJECTS = 1000;
  private static final String BUCKET = "content-bucket";
  private static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  private static final Duration EXPIRY = Duration.ofHours(12);

  /** Which keys: of letters alone, or also of what is percent-encoded. */
  @Param({"plain", "encoded"})
  public String keys;

  private final List<Entry> entries = new ArrayList<>();
  private Roots roots;
  private S3Presigner sdk;

  /** Runs it with JMH's arguments, and prints how many times faster Lading is. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(new CommandLineOptions(arguments))
                    .include(BenchmarkPresigning.class.getName())
                    .build())
            .run();
    MarkdownTable table =
        new MarkdownTable(
            "keys", "lines a second", "the SDK's presigner, URLs a second", "times faster");
    for (String keys : List.of("plain", "encoded")) {
      double lines = JmhScores.of(results, "manifestLines", "keys", keys);
      double urls = JmhScores.of(results, "sdkUrls", "keys", keys);
      table.row(
          keys, "%,.0f".formatted(lines), "%,.0f".formatted(urls), "%.1f".formatted(lines / urls));
    }
    table.print("Presigned manifest lines, on one core");
  }

  /** Makes the entries and both presigners. */
  @Setup
  public void open() {
    for (int i = 0; i < OBJECTS; i++) {
      String key =
          keys.equals("plain")
              ? "projects/2026/measurements/station-%04d/sample.csv".formatted(i)
              : "Projekte/2026/Messungen für Köln/Station %04d (neu).csv".formatted(i);
      Entry.Source source = new Entry.Source("content", key, "0123456789abcdef0123456789abcdef");
      entries.add(
          new Entry(Entry.Kind.FILE, key, 1000L * i, 0x1234_5678L, Instant.EPOCH, source, null));
    }
    roots =
        new Roots(
            List.of(
                new S3Root(
                    S3RootSettings.builder("content", BUCKET)
                        .region("eu-west-1")
                        .credentials(KEY_ID, SECRET)
                        // Nobody answers there when the store's time is asked for, at once.
                        .endpoint(URI.create("http://127.0.0.1:9"))
                        .pathStyle(true)
                        .urlExpiry(EXPIRY)
                        .build())));
    sdk =
        S3Presigner.builder()
            .region(Region.EU_WEST_1)
            .endpointOverride(URI.create("https://s3.eu-west-1.amazonaws.com"))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, SECRET)))
            .build();
  }

  /** Closes both. */
  @TearDown
  public void close() {
    roots.close();
    sdk.close();
  }

  /** Renders one response of the given number of lines. */
  @Benchmark
  @OperationsPerInvocation(OBJECTS)
  public void manifestLines() throws IOException {
    new ManifestWriter(roots, LocationEncoding.PLAIN, EntryBuffers.freed())
        .write(entries.iterator(), OutputStream.nullOutputStream());
  }

  /** The SDK's presigner, only the URLs; so much code is long in getting warm. */
  @Benchmark
  @Warmup(iterations = 20, time = 2)
  @OperationsPerInvocation(OBJECTS)
  public void sdkUrls(Blackhole hole) {
    for (Entry entry : entries) {
      String key = entry.source().key();
      hole.consume(
          sdk.presignGetObject(
                  p ->
                      p.signatureDuration(EXPIRY)
                          .getObjectRequest(get -> get.bucket(BUCKET).key(key)))
              .httpRequest()
              .encodedQueryParameters());
    }
  }
}
