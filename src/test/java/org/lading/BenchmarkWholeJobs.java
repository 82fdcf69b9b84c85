package org.lading;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.testing.HeapWatch;
import org.lading.testing.Http;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeBucketProcess;
import org.lading.testing.LargeBucketServer;
import org.lading.testing.LargeKeys;
import org.lading.testing.LargeTree;
import org.lading.testing.LineCount;
import org.lading.testing.MarkdownTable;
import org.lading.testing.ProcessProbe;
import org.lading.testing.Rounds;
import org.lading.testing.ScratchDirectory;
import org.lading.testing.SdkPresigning;

/**
 * Creating downloads of large directories and buckets over HTTP, and reading their manifests, in a
 * heap of 256 MiB: beside {@code find -printf} on the same tree and {@code rclone lsf} on the same
 * S3 server (in a JVM of its own), and beside the SDK's presigner, all in the same run. The
 * arguments are the numbers of entries. After {@code mvn test-compile}:
 *
 * <pre>mvn -q exec:exec -Dbenchmark=org.lading.BenchmarkWholeJobs \
 *   "-Dbenchmark.arguments=10000 100000 1000000"</pre>
 */
public final class BenchmarkWholeJobs {
  private static final String HEAP = "256m";
  private static final double MIB = 1 << 20;
  private static final byte[] CONTENT = {'x'};

  /** So that all rounds of a size take about as long together. */
  private static final int ENTRIES_OF_ALL_ROUNDS = 300_000;

  private static final int MOST_ROUNDS = 5;
  private static final int ENTRIES_WATCHED = 100_000;

  private static final List<String> LADINGS = List.of("create", "get");
  private static final List<String> ALL = List.of("peer", "create", "get");

  private final int[] sizes;
  private final boolean hasRclone = isThere("rclone");
  private final List<Job> jobs = new ArrayList<>();

  private BenchmarkWholeJobs(int[] sizes) {
    this.sizes = sizes;
  }

  /** Another program that lists what a root has. */
  @FunctionalInterface
  private interface Peer {
    LineCount list() throws IOException, InterruptedException;
  }

  /** A root with so many entries, and who else lists it, if somebody does. */
  private record Place(String kind, int entries, String root, @Nullable Peer peer) {}

  /** What was measured of it; heaps in bytes above idle. */
  private record Job(Place place, Rounds times, Duration firstByte, long createHeap, long getHeap) {
    long millis(String work) {
      return Math.max(1, times.median(work).toMillis());
    }

    String perSecond(String work) {
      return "%,d".formatted(place.entries() * 1000L / millis(work));
    }

    void print() {
      System.out.printf("%s%n", place.root());
      for (String work : place.peer() == null ? LADINGS : ALL) {
        System.out.printf("  %-7s%s%n", work, times.millis(work));
      }
    }

    String ratio(String work, String otherwise) {
      return place.peer() == null ? otherwise : "%.1f".formatted(times.ratio(work, "peer"));
    }
  }

  /** Runs it; see the class. */
  public static void main(String[] arguments) throws Exception {
    new BenchmarkWholeJobs(Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray()).run();
  }

  private void run() throws Exception {
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      filesystem(scratch.path());
    }
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      s3(scratch.path());
    }
    double urls = SdkPresigning.urlsPerSecond(LargeKeys.tree(sizes[0]));
    printCreates();
    printManifests(urls);
  }

  private void filesystem(Path directory) throws Exception {
    StringBuilder settings = new StringBuilder("roots:\n");
    List<Place> places = new ArrayList<>();
    for (int size : sizes) {
      String root = "files-" + size;
      Path tree = directory.resolve(root);
      LargeTree.makeLinked(tree, size, CONTENT);
      settings.append("  - {name: %s, path: %s, serve: direct}\n".formatted(root, root));
      places.add(new Place("filesystem", size, root, () -> find(tree).require(size)));
    }
    measure(directory, settings.toString(), places, "directory-0000/file-0000000.txt");
  }

  private void s3(Path directory) throws Exception {
    try (LargeBucketProcess server =
        LargeBucketProcess.start(directory, "trees", sizes, "-Xmx512m")) {
      StringBuilder settings = new StringBuilder("roots:\n");
      List<Place> places = new ArrayList<>();
      for (int size : sizes) {
        String root = "objects-" + size;
        settings
            .append(server.root().replace("name: s3", "name: " + root))
            .append("    prefix: \"%d\"\n".formatted(size));
        Peer peer = hasRclone ? () -> rclone(server, size).require(size) : null;
        places.add(new Place("S3", size, root, peer));
      }
      measure(directory, settings.toString(), places, LargeKeys.tree(sizes[0]).get(0));
    }
  }

  private void measure(Path directory, String settings, List<Place> places, String file)
      throws Exception {
    try (LadingProcess lading = LadingProcess.start(directory, settings, "-Xmx" + HEAP);
        ProcessProbe probe = new ProcessProbe(lading.pid())) {
      // What the first download loads stays loaded.
      LineCount.get(lading.port(), downloadOf(lading, places.get(0).root(), file) + "get");
      long idle = probe.usedAfterGc();
      for (int i = 0; i < MOST_ROUNDS; i++) {
        LineCount.get(lading.port(), lading.downloadOf(places.get(0).root()) + "get");
      }
      for (Place place : places) {
        Job job = measure(lading, probe, idle, place);
        jobs.add(job);
        job.print();
      }
    }
  }

  private static Job measure(LadingProcess lading, ProcessProbe probe, long idle, Place place)
      throws Exception {
    String[] download = new String[1];
    List<Duration> firstBytes = new ArrayList<>();
    Rounds times = new Rounds();
    if (place.peer() != null) {
      times.add("peer", place.peer()::list);
    }
    times
        .add("create", () -> download[0] = lading.downloadOf(place.root()))
        .add(
            "get",
            () -> {
              LineCount count = LineCount.get(lading.port(), download[0] + "get");
              return firstBytes.add(count.require(place.entries()).firstByte());
            })
        .run(Math.max(2, Math.min(MOST_ROUNDS, ENTRIES_OF_ALL_ROUNDS / place.entries())));
    // Apart from what is timed, since collections take time; small ones are over too soon to be
    // seen.
    int repeats = Math.max(1, ENTRIES_WATCHED / place.entries());
    Duration pause = Duration.ofMillis(Math.max(20, times.median("get").toMillis() / 20));
    HeapWatch create =
        HeapWatch.during(
            probe, pause, repeated(repeats, () -> download[0] = lading.downloadOf(place.root())));
    HeapWatch get =
        HeapWatch.during(
            probe,
            pause,
            repeated(repeats, () -> LineCount.get(lading.port(), download[0] + "get")));
    return new Job(
        place, times, Rounds.median(firstBytes), create.most() - idle, get.most() - idle);
  }

  private static Callable<?> repeated(int times, Callable<?> work) {
    return () -> {
      for (int i = 0; i < times; i++) {
        work.call();
      }
      return times;
    };
  }

  private void printCreates() {
    MarkdownTable table =
        new MarkdownTable(
            "create",
            "entries",
            "time",
            "entries a second",
            "beside",
            "times as long",
            "growth",
            "heap above idle");
    for (Job job : jobs) {
      boolean isS3 = job.place().kind().equals("S3");
      String program = isS3 ? "`rclone lsf -R`" : "`find -printf`";
      table.row(
          job.place().kind(),
          "%,d".formatted(job.place().entries()),
          "%,d ms".formatted(job.millis("create")),
          job.perSecond("create"),
          job.place().peer() == null
              ? "rclone: not installed"
              : "%s: %,d ms".formatted(program, job.millis("peer")),
          job.ratio("create", ""),
          growth(job, "create"),
          mib(job.createHeap()));
    }
    table.print("Creating downloads, heap of " + HEAP);
  }

  private void printManifests(double urls) {
    MarkdownTable table =
        new MarkdownTable(
            "manifest",
            "entries",
            "time",
            "lines a second",
            "first byte",
            "beside",
            "ratio",
            "growth",
            "heap above idle");
    for (Job job : jobs) {
      boolean isS3 = job.place().kind().equals("S3");
      double lines = job.place().entries() * 1000.0 / job.millis("get");
      table.row(
          job.place().kind(),
          "%,d".formatted(job.place().entries()),
          "%,d ms".formatted(job.millis("get")),
          job.perSecond("get"),
          "%,d ms".formatted(job.firstByte().toMillis()),
          isS3
              ? "the SDK's presigner: %,.0f URLs a second".formatted(urls)
              : "`find -printf`: %,d ms".formatted(job.millis("peer")),
          isS3 ? "%.1f times as fast".formatted(lines / urls) : job.ratio("get", "") + " as long",
          growth(job, "get"),
          mib(job.getHeap()));
    }
    table.print("Reading their manifests, the same downloads");
  }

  /** How much more an entry takes than one of ten times fewer. */
  private String growth(Job job, String work) {
    return jobs.stream()
        .filter(other -> other.place().kind().equals(job.place().kind()))
        .filter(other -> other.place().entries() * 10L == job.place().entries())
        .map(other -> "%.2f".formatted(job.millis(work) / 10.0 / other.millis(work)))
        .findFirst()
        .orElse("");
  }

  private static String mib(long bytes) {
    return "%.0f MiB".formatted(bytes / MIB);
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
