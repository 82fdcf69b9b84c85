package org.lading.benchmark;

import java.nio.file.Path;

/**
 * Signing, writing manifest lines, laying out archives, whole jobs of up to a million entries, and
 * listing a bucket that is far away: all tables of these benchmarks in one run of about ten
 * minutes, and the plots in {@code docs/performance}.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkAll</pre>
 */
public final class BenchmarkAll {
  private static final String[] SHORT_ITERATIONS = {"-w", "1", "-r", "1", "-v", "SILENT"};

  private BenchmarkAll() {}

  /** Runs them one after another; takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    BenchmarkPresigning.main(SHORT_ITERATIONS);
    BenchmarkRendering.main(SHORT_ITERATIONS);
    BenchmarkWholeJobs.run(Path.of("docs/performance"), "10000", "100000", "1000000");
    BenchmarkListing.main(new String[] {"100000", "10000", "3"});
  }
}
