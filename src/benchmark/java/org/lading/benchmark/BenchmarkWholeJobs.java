package org.lading.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.benchmark.WholeJob.Peer;
import org.lading.benchmark.WholeJob.Place;
import org.lading.testing.Http;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeBucketServer;
import org.lading.testing.LargeKeys;
import org.lading.testing.LargeTree;
import org.lading.testing.ScratchDirectory;

/**
 * Creating downloads of large directories and buckets over HTTP, and reading their manifests, in a
 * heap of 256 MiB: beside {@code find -printf} on the same tree and {@code rclone lsf} on the same
 * S3 server (in a JVM of its own), and beside the SDK's presigner, all in the same run. The
 * arguments are the numbers of entries, and growth is the time of an entry beside that of one where
 * there are ten times fewer. The figures and plots of them are written to {@code
 * target/performance}; {@link BenchmarkAll} writes them to {@code docs/performance}, see {@link
 * WholeJobFigures}.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkWholeJobs \
 *   "-Dbenchmark.arguments=10000 100000 1000000"</pre>
 */
public final class BenchmarkWholeJobs {
  private static final String HEAP = "256m";
  private static final byte[] CONTENT = {'x'};
  private static final int WARM_UP = 5;
  private static final int URLS = 20_000;
  private static final long WARM_UP_NANOS = 10_000_000_000L;

  private final int[] sizes;
  private final boolean hasRclone = isThere("rclone");
  private final List<WholeJob> jobs = new ArrayList<>();

  private BenchmarkWholeJobs(int[] sizes) {
    this.sizes = sizes;
  }

  /** Runs it; see the class. */
  public static void main(String[] arguments) throws Exception {
    run(Path.of("target/performance"), arguments);
  }

  /** Runs it with these numbers of entries, and writes figures and plots into a directory. */
  static void run(Path plots, String... sizes) throws Exception {
    new BenchmarkWholeJobs(Arrays.stream(sizes).mapToInt(Integer::parseInt).toArray()).run(plots);
  }

  private void run(Path plots) throws Exception {
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      filesystem(scratch.path());
    }
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      s3(scratch.path());
    }
    print();
    new WholeJobFigures(jobs.stream().map(WholeJob::figures).toList()).write(plots);
  }

  private void filesystem(Path directory) throws Exception {
    StringBuilder settings = new StringBuilder("roots:\n");
    List<Place> places = new ArrayList<>();
    for (int size : sizes) {
      String root = "files-" + size;
      Path tree = directory.resolve(root);
      LargeTree.makeLinked(tree, size, CONTENT);
      settings.append("  - {name: %s, path: %s, serve: direct}\n".formatted(root, root));
      Peer find = new Peer("`find -printf`", size, () -> find(tree).require(size));
      places.add(new Place("filesystem", size, root, find, find));
    }
    measure(directory, settings.toString(), places, "directory-0000/file-0000000.txt");
  }

  private void s3(Path directory) throws Exception {
    LargeKeys keys = LargeKeys.tree(sizes[0]);
    try (LargeBucketProcess server =
            LargeBucketProcess.start(directory, "trees", sizes, "-Xmx512m");
        SdkPresigning sdk = new SdkPresigning(keys)) {
      StringBuilder settings = new StringBuilder("roots:\n");
      List<Place> places = new ArrayList<>();
      for (int size : sizes) {
        String root = "objects-" + size;
        settings
            .append(server.root().replace("name: s3", "name: " + root))
            .append("    prefix: \"%d\"\n".formatted(size));
        Peer rclone = new Peer("`rclone lsf -R`", size, () -> rclone(server, size).require(size));
        Peer presigner = new Peer("the SDK's presigner", URLS, () -> sdk.presign(URLS));
        places.add(new Place("S3", size, root, hasRclone ? rclone : null, presigner));
      }
      for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS; ) {
        sdk.presign(URLS / WARM_UP);
      }
      measure(directory, settings.toString(), places, keys.get(0));
    }
  }

  private void measure(Path directory, String settings, List<Place> places, String file)
      throws Exception {
    try (LadingProcess lading = LadingProcess.start(directory, settings, "-Xmx" + HEAP);
        ProcessProbe probe = new ProcessProbe(lading.pid())) {
      // What the first download loads stays loaded.
      LineCount.get(lading.port(), downloadOf(lading, places.get(0).root(), file) + "get");
      long idle = probe.usedAfterGc();
      for (int i = 0; i < WARM_UP; i++) {
        new WholeJob(places.get(0), lading).once();
      }
      for (Place place : places) {
        WholeJob job = new WholeJob(place, lading);
        job.measure(probe, idle);
        System.out.println(job.report());
        jobs.add(job);
      }
    }
  }

  private void print() {
    MarkdownTable creates =
        new MarkdownTable(
            "create",
            "entries",
            "time",
            "entries a second",
            "beside",
            "times as long",
            "growth",
            "heap above idle");
    MarkdownTable manifests =
        new MarkdownTable(
            "manifest",
            "entries",
            "time",
            "lines a second",
            "first byte",
            "beside, a second",
            "times as fast",
            "growth",
            "heap above idle");
    for (WholeJob job : jobs) {
      WholeJob smaller = smaller(job.place());
      creates.row(job.createCells(smaller));
      manifests.row(job.manifestCells(smaller));
    }
    creates.print("Creating downloads, heap of " + HEAP);
    manifests.print("Reading their manifests, in the same process");
  }

  /** The job of the same kind with a tenth of the entries. */
  private @Nullable WholeJob smaller(Place place) {
    return jobs.stream()
        .filter(other -> other.place().kind().equals(place.kind()))
        .filter(other -> other.place().entries() * 10L == place.entries())
        .findFirst()
        .orElse(null);
  }

  private static String downloadOf(LadingProcess lading, String root, String file) {
    String request =
        "{\"root\": \"%s\", \"targets\": [{\"type\": \"file\", \"path\": \"%s\"}]}"
            .formatted(root, file);
    try (Http http = lading.http()) {
      byte[] body = request.getBytes(StandardCharsets.UTF_8);
      return "/downloads"
          + LadingServer.page(
              http.post("/downloads/create", body, "Prefer", LadingServer.PATIENT), "");
    }
  }

  private static LineCount find(Path tree) throws IOException, InterruptedException {
    return LineCount.of(
        List.of("find", tree.toString(), "-type", "f", "-printf", "%p %s %T@\\n"), Map.of());
  }

  private static LineCount rclone(LargeBucketProcess server, int size)
      throws IOException, InterruptedException {
    return LineCount.of(
        List.of(
            "rclone",
            "lsf",
            "-R",
            "--files-only",
            ":s3:%s/%d".formatted(LargeBucketServer.bucket(), size)),
        Map.of(
            "RCLONE_CONFIG",
            "/dev/null",
            "RCLONE_S3_PROVIDER",
            "Other",
            "RCLONE_S3_ENDPOINT",
            server.endpoint().toString(),
            "RCLONE_S3_LIST_VERSION",
            "2",
            "RCLONE_S3_ACCESS_KEY_ID",
            LargeBucketServer.accessKeyId(),
            "RCLONE_S3_SECRET_ACCESS_KEY",
            LargeBucketServer.secretAccessKey()));
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
