package org.lading.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lading.testing.LadingProcess;

/** Creating a download of a whole root and reading its manifest, again and again, beside others. */
final class WholeJob {
  /** So that all rounds of a size take about as long together. */
  private static final int ENTRIES_OF_ALL_ROUNDS = 300_000;

  private static final int MIN_ROUNDS = 3;
  private static final int MAX_ROUNDS = 5;
  private static final int ENTRIES_WATCHED = 100_000;
  private static final long SHORTEST_PAUSE = 20;
  private static final int LOOKS = 20;

  private final Place place;
  private final LadingProcess lading;
  private final Rounds times = new Rounds();
  private final List<Duration> firstBytes = new ArrayList<>();
  private @Nullable String download;
  private long createHeap;
  private long getHeap;

  /**
   * Who else does a part of the work.
   *
   * @param name what it is called in a table
   * @param entries how many entries it does it for
   */
  record Peer(String name, int entries, Callable<?> work) {}

  /**
   * A root.
   *
   * @param entries how many the download of it has
   * @param lister who else lists them, if somebody does
   * @param writer who else makes something of each of them
   */
  record Place(String kind, int entries, String root, @Nullable Peer lister, Peer writer) {}

  WholeJob(Place place, LadingProcess lading) {
    this.place = place;
    this.lading = lading;
  }

  /**
   * Takes its time, and then looks at the heap.
   *
   * @param idle the bytes that are used when nothing is done
   */
  void measure(ProcessProbe probe, long idle) throws Exception {
    Peer lister = place.lister();
    if (lister != null) {
      times.add("lister", lister.work());
    }
    times
        .add("create", this::create)
        .add("writer", place.writer().work())
        .add("manifest", () -> firstBytes.add(manifest().firstByte()))
        .run(Math.max(MIN_ROUNDS, Math.min(MAX_ROUNDS, ENTRIES_OF_ALL_ROUNDS / place.entries())));
    // Apart from what is timed, since collections take time.
    Duration pause =
        Duration.ofMillis(Math.max(SHORTEST_PAUSE, times.median("manifest").toMillis() / LOOKS));
    createHeap = HeapWatch.during(probe, pause, repeated(this::create)).most() - idle;
    getHeap = HeapWatch.during(probe, pause, repeated(this::manifest)).most() - idle;
  }

  /** Does both once, to warm up. */
  void once() throws Exception {
    create();
    manifest();
  }

  Place place() {
    return place;
  }

  /** All times so far, in lines of text. */
  String report() {
    StringBuilder report = new StringBuilder(place.root());
    for (String work :
        place.lister() == null
            ? List.of("create", "writer", "manifest")
            : List.of("lister", "create", "writer", "manifest")) {
      report.append("\n  %-9s%s".formatted(work, times.millis(work)));
    }
    return report.toString();
  }

  /** The cells of a row about creating; the growth is over the other job. */
  Object[] createCells(@Nullable WholeJob smaller) {
    Peer lister = place.lister();
    return new Object[] {
      place.kind(),
      "%,d".formatted(place.entries()),
      seconds(times.median("create")),
      "%,.0f".formatted(perSecond("create", place.entries())),
      lister == null
          ? "rclone: not installed"
          : "%s: %s".formatted(lister.name(), seconds(times.median("lister"))),
      lister == null ? "" : "%.1f".formatted(times.ratio("create", "lister")),
      growth("create", smaller),
      mib(createHeap)
    };
  }

  /** The cells of a row about the manifest; the growth is over the other job. */
  Object[] manifestCells(@Nullable WholeJob smaller) {
    double lines = perSecond("manifest", place.entries());
    double others = perSecond("writer", place.writer().entries());
    return new Object[] {
      place.kind(),
      "%,d".formatted(place.entries()),
      seconds(times.median("manifest")),
      "%,.0f".formatted(lines),
      seconds(Rounds.median(firstBytes)),
      "%s: %,.0f".formatted(place.writer().name(), others),
      "%.2f".formatted(lines / others),
      growth("manifest", smaller),
      mib(getHeap)
    };
  }

  /** The figures of this job for the plots. */
  WholeJobFigures.Row figures() {
    Peer lister = place.lister();
    return new WholeJobFigures.Row(
        place.kind(),
        place.entries(),
        inSeconds("create"),
        lister == null ? "" : plain(lister.name()),
        lister == null ? Double.NaN : inSeconds("lister"),
        inSeconds("manifest"),
        plain(place.writer().name()),
        place.entries() / perSecond("writer", place.writer().entries()),
        inMib(createHeap),
        inMib(getHeap));
  }

  private String create() {
    download = lading.downloadOf(place.root());
    return download;
  }

  private LineCount manifest() throws Exception {
    return LineCount.get(lading.port(), download + "get").require(place.entries());
  }

  /** Small ones are over too soon to be looked at. */
  private Callable<?> repeated(Callable<?> work) {
    return () -> {
      for (int done = 0; done < ENTRIES_WATCHED; done += place.entries()) {
        work.call();
      }
      return null;
    };
  }

  private double perSecond(String work, int entries) {
    return entries * 1e9 / times.median(work).toNanos();
  }

  private String growth(String work, @Nullable WholeJob smaller) {
    return smaller == null
        ? ""
        : "%.2f"
            .formatted(
                smaller.perSecond(work, smaller.place.entries())
                    / perSecond(work, place.entries()));
  }

  private double inSeconds(String work) {
    return times.median(work).toNanos() / 1e9;
  }

  private static String plain(String markdown) {
    return markdown.replace("`", "");
  }

  private static String seconds(Duration time) {
    return "%.2f s".formatted(time.toMillis() / 1000.0);
  }

  private static String mib(long bytes) {
    return "%.0f MiB".formatted(inMib(bytes));
  }

  private static double inMib(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
