package org.lading.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The figures of {@link BenchmarkWholeJobs} as the text file {@value #FILE}, and the plots that are
 * drawn from them. This draws the plots of a directory again from the file that is there:
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=WholeJobFigures \
 *   -Dbenchmark.arguments=docs/performance</pre>
 */
final class WholeJobFigures {
  static final String FILE = "whole-jobs.csv";

  private static final String HEADER =
      "kind,entries,create_s,lister,lister_s,manifest_s,writer,writer_s,create_mib,manifest_mib";
  private static final String ENTRIES = "entries of the download";
  private static final String NO_LISTER = "";

  private final List<Row> rows;

  /**
   * What was measured of one root.
   *
   * @param kind of root, in the words of tables
   * @param entries how many it has
   * @param create seconds that creating takes
   * @param lister the program beside which that was timed, or empty
   * @param listerTime seconds that it takes, or NaN
   * @param manifest seconds that reading the manifest takes
   * @param writer the program beside which that was timed
   * @param writerTime seconds that it takes for as many entries
   * @param createHeap MiB above idle while it is created
   * @param manifestHeap MiB above idle while its manifest is read
   */
  record Row(
      String kind,
      int entries,
      double create,
      String lister,
      double listerTime,
      double manifest,
      String writer,
      double writerTime,
      double createHeap,
      double manifestHeap) {

    private static Row parse(String line) {
      String[] cells = line.split(",", -1);
      return new Row(
          cells[0],
          Integer.parseInt(cells[1]),
          Double.parseDouble(cells[2]),
          cells[3],
          cells[3].equals(NO_LISTER) ? Double.NaN : Double.parseDouble(cells[4]),
          Double.parseDouble(cells[5]),
          cells[6],
          Double.parseDouble(cells[7]),
          Double.parseDouble(cells[8]),
          Double.parseDouble(cells[9]));
    }

    private String line() {
      return String.format(
          Locale.ROOT,
          "%s,%d,%.3f,%s,%s,%.3f,%s,%.3f,%.1f,%.1f",
          kind,
          entries,
          create,
          lister,
          lister.equals(NO_LISTER) ? "" : String.format(Locale.ROOT, "%.3f", listerTime),
          manifest,
          writer,
          writerTime,
          createHeap,
          manifestHeap);
    }
  }

  /** A figure of a row. */
  private interface Figure {
    double of(Row row);
  }

  WholeJobFigures(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /** Draws the plots in the directory that is the argument. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    read(directory).drawPlots(directory);
  }

  /** Those in a directory. */
  static WholeJobFigures read(Path directory) throws IOException {
    return new WholeJobFigures(
        Files.readAllLines(directory.resolve(FILE)).stream().skip(1).map(Row::parse).toList());
  }

  /** Writes the file and the plots into a directory, which is made where it is not there. */
  void write(Path directory) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    rows.forEach(row -> lines.add(row.line()));
    Files.createDirectories(directory);
    Files.write(directory.resolve(FILE), lines);
    // From what was written, so that they are the same when they are drawn again.
    read(directory).drawPlots(directory);
  }

  /** The plots by the names of their files. */
  Map<String, String> plots() {
    Map<String, String> plots = new TreeMap<>();
    plots.put(
        "create.svg", times("Creating a download", Row::create, Row::lister, Row::listerTime));
    plots.put(
        "manifest.svg", times("Reading a manifest", Row::manifest, Row::writer, Row::writerTime));
    plots.put("heap.svg", heap());
    return plots;
  }

  private void drawPlots(Path directory) throws IOException {
    for (Map.Entry<String, String> plot : plots().entrySet()) {
      Files.writeString(directory.resolve(plot.getKey()), plot.getValue());
    }
  }

  private String times(String title, Figure lading, Function<Row, String> peer, Figure peerTime) {
    List<LinePlot.Line> lines = new ArrayList<>();
    int hue = 0;
    for (Map.Entry<String, List<Row>> kind : kinds().entrySet()) {
      lines.add(line(hue, false, "Lading, " + kind.getKey(), kind.getValue(), lading));
      String name = peer.apply(kind.getValue().get(0));
      if (!name.isEmpty()) {
        lines.add(line(hue, true, name, kind.getValue(), peerTime));
      }
      hue++;
    }
    return plot(
        title,
        "Time, beside other programs on the same files or keys; less is better",
        PlotAxis.logarithmic("time", "s", ys(lines)),
        lines);
  }

  private String heap() {
    List<LinePlot.Line> lines = new ArrayList<>();
    int hue = 0;
    for (Map.Entry<String, List<Row>> kind : kinds().entrySet()) {
      lines.add(line(hue, false, "create, " + kind.getKey(), kind.getValue(), Row::createHeap));
      lines.add(line(hue, true, "manifest, " + kind.getKey(), kind.getValue(), Row::manifestHeap));
      hue++;
    }
    return plot(
        "Heap in use",
        "After a collection, above that of an idle Lading; the largest seen",
        PlotAxis.linear("heap", "MiB", ys(lines)),
        lines);
  }

  private static String plot(String title, String subtitle, PlotAxis y, List<LinePlot.Line> lines) {
    List<Double> entries =
        lines.stream().flatMap(line -> line.points().stream()).map(LinePlot.Point::x).toList();
    LinePlot plot = new LinePlot(title, subtitle, PlotAxis.logarithmic(ENTRIES, "", entries), y);
    lines.forEach(plot::add);
    return plot.svg();
  }

  private Map<String, List<Row>> kinds() {
    return rows.stream()
        .collect(Collectors.groupingBy(Row::kind, LinkedHashMap::new, Collectors.toList()));
  }

  private static LinePlot.Line line(
      int hue, boolean isPeer, String name, List<Row> rows, Figure figure) {
    return new LinePlot.Line(
        hue,
        isPeer,
        name,
        rows.stream().map(row -> new LinePlot.Point(row.entries(), figure.of(row))).toList());
  }

  private static List<Double> ys(List<LinePlot.Line> lines) {
    return lines.stream().flatMap(line -> line.points().stream()).map(LinePlot.Point::y).toList();
  }
}
