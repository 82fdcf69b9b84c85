package org.lading.benchmark;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.ScratchDirectory;

/**
 * Short requests that take much work, sixteen of each kind at once, in a heap of 256 MiB: how long
 * a create of one file takes meanwhile, when all of the kind have ended and how, and the heap in
 * use before and after. The argument is the number of targets of a request.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=BenchmarkAttacks -Dbenchmark.arguments=5000
 * </pre>
 */
public final class BenchmarkAttacks {
  private static final int AT_ONCE = 16;
  private static final int NAMES = 1000;
  private static final int DEPTH = 400;
  private static final double MIB = 1 << 20;
  private static final String ONE_FILE = "{\"type\": \"file\", \"path\": \"a.txt\"}";

  private BenchmarkAttacks() {}

  /** Runs all kinds, one after another, on one server. */
  public static void main(String[] arguments) throws Exception {
    int targets = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      makeRoot(scratch.path().resolve("root"));
      String settings =
          "roots:\n  - {name: main, path: root, serve: direct}\nlimits: {work: 200000}\n";
      try (LadingProcess lading = LadingProcess.start(scratch.path(), settings, "-Xmx256m");
          ProcessProbe probe = new ProcessProbe(lading.pid());
          Http http = new Http(URI.create("http://127.0.0.1:" + lading.port()))) {
        for (int i = 0; i < 50; i++) {
          create(http, ONE_FILE, "wait=60");
        }
        run(http, probe, "one directory, named again and again", targets, i -> many(false, "m"));
        run(http, probe, "the same, recursively and deep", targets, i -> many(true, deep("d")));
        run(http, probe, "a deep tree, named again and again", targets, i -> tree());
        run(http, probe, "empty literals", targets, i -> literal("n" + i, ""));
        run(http, probe, "literals of one name", targets, i -> literal("n", "c" + i));
        run(http, probe, "the deepest names", targets / 10, i -> literalIn(deep("e" + i)));
        run(http, probe, "files that are missing", targets, i -> i == 0 ? ONE_FILE : missing(i));
      }
    }
  }

  private static void makeRoot(Path root) throws Exception {
    Files.createDirectories(root);
    Files.writeString(root.resolve("a.txt"), "aaa");
    for (int i = 0; i < NAMES; i++) {
      Files.createDirectories(root.resolve("many/" + i));
    }
    Files.createDirectories(root.resolve("tree").resolve("d/".repeat(DEPTH)));
  }

  private static void run(
      Http http, ProcessProbe probe, String kind, int targets, IntFunction<String> target)
      throws Exception {
    String body = IntStream.range(0, targets).mapToObj(target).collect(Collectors.joining(","));
    long heapBefore = probe.usedAfterGc();
    long began = System.nanoTime();
    List<String> pages = new ArrayList<>();
    List<Double> honest = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      Reply reply = create(http, body, "respond-async");
      String url = reply.json().get("status_url").asText();
      pages.add(url.substring(url.indexOf("/downloads")));
      honest.add(timedHonest(http));
    }
    List<String> ends = new ArrayList<>();
    for (String page : pages) {
      Reply status = http.get(page);
      while (status.json().get("settled_at").isNull()) {
        honest.add(timedHonest(http));
        status = http.get(page);
      }
      ends.add(status.json().path("code").asText(status.json().get("status").asText()));
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double most = honest.stream().mapToDouble(one -> one).max().orElse(0);
    double median = honest.stream().sorted().toList().get(honest.size() / 2);
    System.out.printf(
        "%s: %.1f KiB each, over after %.1f s with %s; %d creates of one file meanwhile: median"
            + " %.0f ms, longest %.0f ms; heap %.1f MiB before, %.1f after%n",
        kind,
        body.length() / 1024.0,
        seconds,
        ends.stream().distinct().toList(),
        honest.size(),
        median * 1e3,
        most * 1e3,
        heapBefore / MIB,
        probe.usedAfterGc() / MIB);
  }

  private static double timedHonest(Http http) {
    long began = System.nanoTime();
    Reply reply = create(http, ONE_FILE, "wait=60");
    if (reply.status() != 201) {
      throw new IllegalStateException(reply.toString());
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private static Reply create(Http http, String targets, String preference) {
    String body = "{\"root\": \"main\", \"targets\": [" + targets + "]}";
    return http.post(
        "/downloads/create", body.getBytes(StandardCharsets.UTF_8), "Prefer", preference);
  }

  private static String many(boolean recursive, String zipPath) {
    return "{\"type\": \"directory\", \"path\": \"many\", \"recursive\": %b, \"zip_path\": \"%s\"}"
        .formatted(recursive, zipPath);
  }

  private static String tree() {
    return "{\"type\": \"directory\", \"path\": \"tree\", \"recursive\": true}";
  }

  private static String literal(String name, String content) {
    return "{\"type\": \"literal\", \"name\": \"%s\", \"content\": \"%s\"}"
        .formatted(name, content);
  }

  private static String literalIn(String zipPath) {
    return "{\"type\": \"literal\", \"name\": \"n\", \"content\": \"\", \"zip_path\": \"%s\"}"
        .formatted(zipPath);
  }

  private static String missing(int i) {
    return "{\"type\": \"file\", \"path\": \"missing/%d\"}".formatted(i);
  }

  private static String deep(String first) {
    return first + "/d".repeat(DEPTH);
  }
}
