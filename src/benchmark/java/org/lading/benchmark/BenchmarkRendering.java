package org.lading.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lading.archive.StreamedArchiveLayout;
import org.lading.manifest.Entry;
import org.lading.modzip.EntryBuffers;
import org.lading.modzip.ManifestWriter;
import org.lading.root.LocationEncoding;
import org.lading.root.Roots;
import org.lading.root.filesystem.FilesystemRoot;
import org.lading.root.filesystem.FilesystemRootSettings;
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
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Manifest lines of each kind of entry a second on one core, written into nothing, and entries a
 * second that the layout of an archive takes up, as it does while a download is made. The arguments
 * are JMH's.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkRendering</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx256m", "-XX:+UseSerialGC"})
public class BenchmarkRendering {
  private static final int ENTRIES = 1000;
  private static final String[] KINDS = {"direct", "links", "s3"};
  private static final String[] WORKS = {"manifestLines", "archiveLayout"};

  /** Files served directly, files served through links, or S3 objects. */
  @Param({"direct", "links", "s3"})
  public String kind;

  private final List<Entry> entries = new ArrayList<>();
  private Roots roots;

  /** Runs it with JMH's arguments, and prints a table. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(new CommandLineOptions(arguments))
                    .include(BenchmarkRendering.class.getName())
                    .build())
            .run();
    MarkdownTable table =
        new MarkdownTable("entries", "manifest lines a second", "laid out in an archive, a second");
    for (String kind : KINDS) {
      Object[] cells = new Object[WORKS.length + 1];
      cells[0] = kind;
      for (int i = 0; i < WORKS.length; i++) {
        cells[i + 1] = "%,.0f".formatted(JmhScores.of(results, WORKS[i], "kind", kind));
      }
      table.row(cells);
    }
    table.print("Rendering, on one core");
  }

  /** Makes the entries and the root that they are from. */
  @Setup
  public void open() {
    boolean isS3 = kind.equals("s3");
    for (int i = 0; i < ENTRIES; i++) {
      String key = "Projekte/2026/Messungen für Köln/Station %04d (neu).csv".formatted(i);
      @Nullable String stored =
          kind.equals("links") ? "0123456789abcdefghijklmnopqrstuv/links/%d".formatted(i) : null;
      Entry.Source source =
          new Entry.Source("content", key, isS3 ? "0123456789abcdef0123456789abcdef" : null);
      entries.add(
          new Entry(
              Entry.Kind.FILE, key, 1000L * i, Entry.UNKNOWN_CRC32, Instant.EPOCH, source, stored));
    }
    roots =
        new Roots(
            List.of(
                isS3
                    ? new S3Root(settings())
                    : new FilesystemRoot(
                        new FilesystemRootSettings(
                            "content",
                            Path.of("/content"),
                            false,
                            FilesystemRootSettings.Serve.DIRECT))));
  }

  private static S3RootSettings settings() {
    return S3RootSettings.builder("content", "content-bucket")
        .region("eu-west-1")
        .credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        .endpoint(URI.create("http://127.0.0.1:9000"))
        .pathStyle(true)
        .build();
  }

  /** Closes the root. */
  @TearDown
  public void close() {
    roots.close();
  }

  /** Renders one response of the given number of lines. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public void manifestLines() throws IOException {
    new ManifestWriter(roots, LocationEncoding.PLAIN, EntryBuffers.freed())
        .write(entries.iterator(), OutputStream.nullOutputStream());
  }

  /** The archive that Lading streams, as entries are made. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public long archiveLayout() {
    StreamedArchiveLayout layout = new StreamedArchiveLayout();
    entries.forEach(layout::add);
    return layout.length();
  }
}
