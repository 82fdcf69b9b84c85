package org.lading.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.lading.testing.Http.Reply;

/**
 * Somebody who can write in a root, and swaps what is there while clients create and download. The
 * root has a directory {@code inside}; outside lies one with the same files, of the same sizes and
 * times, and other bytes; and with a name and a size that is nowhere inside.
 */
public final class SwapAttack {
  /** Settings with a root of each kind. */
  public static final String SETTINGS =
      """
      roots:
        - {name: links, path: root}
        - {name: direct, path: root, serve: direct}
      """;

  private static final int CLIENTS = 4;
  private static final int PATIENCE_SECONDS = 60;
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);
  private static final int SMALL = 3_000;
  private static final String ONLY_OUTSIDE = "outside-only";
  private static final int RANGES = 20;
  private static final int LARGE = 1_200_000;
  private static final List<String> SMALL_FILES = List.of("a", "b", "c", "d", "e", "sub/f");

  private final Path directory;
  private final Path root;
  private final URI server;
  private final List<String> secrets = new ArrayList<>();
  private final String secretBytes = "s".repeat(64);

  /**
   * What came of it.
   *
   * @param asked the number of requests
   * @param whole the number of those that were answered as if nothing had happened
   * @param leaks what came from outside
   * @param hanging the number of those that were not answered within a minute
   * @param swaps the number of swaps meanwhile
   */
  public record Result(int asked, int whole, List<String> leaks, int hanging, long swaps) {
    @Override
    public String toString() {
      return "%d requests, %d answered whole, %d with something from outside%s, %d hanging, %d swaps"
          .formatted(
              asked,
              whole,
              leaks.size(),
              leaks.isEmpty() ? "" : " " + leaks.get(0),
              hanging,
              swaps);
    }
  }

  /** Makes the files below the directory, where Lading was started with {@link #SETTINGS}. */
  public SwapAttack(Path directory, int port) throws IOException {
    this.directory = directory;
    this.root = directory.resolve("root");
    this.server = URI.create("http://127.0.0.1:" + port);
    fill(root.resolve("inside"), "i");
    Path outside = directory.resolve("outside");
    fill(outside, "s");
    Files.write(outside.resolve(ONLY_OUTSIDE), new byte[77_777]);
    Files.createSymbolicLink(root.resolve("link"), outside);
    secrets.addAll(List.of(ONLY_OUTSIDE, "77777", crc("s", SMALL), crc("s", LARGE)));
  }

  private static void fill(Path parent, String character) throws IOException {
    Files.createDirectories(parent.resolve("sub"));
    for (String name : SMALL_FILES) {
      write(parent.resolve(name), character.repeat(SMALL));
    }
    write(parent.resolve("large"), character.repeat(LARGE));
  }

  private static void write(Path file, String text) throws IOException {
    Files.setLastModifiedTime(Files.writeString(file, text), TIME);
  }

  private static String crc(String character, int length) {
    CRC32 crc = new CRC32();
    crc.update(character.repeat(length).getBytes(ISO_8859_1));
    return String.format("%08x", crc.getValue());
  }

  /** Makes one download before the swapping, and fetches it, in ranges and whole. */
  public Result downloads(String rootName, int count, int micros, int seed) {
    try (Http http = new Http(server)) {
      String page = LadingServer.page(create(http, rootName), "download");
      int length = Integer.parseInt(http.head("/downloads" + page).header("Content-Length"));
      Random random = new Random(seed);
      int[] starts = random.ints(count, 0, length - RANGES * 200).toArray();
      return run(
          count,
          new Swapper(root.resolve("inside"), root.resolve("link"), micros),
          i -> fetch(http, page, i % 4 == 0 ? -1 : starts[i]));
    }
  }

  /** Swaps a file for something that is no file, and fetches as above. */
  public Result specialFiles(String rootName, Path special, int count, int micros) {
    try (Http http = new Http(server)) {
      String page = LadingServer.page(create(http, rootName), "download");
      return run(
          count,
          new Swapper(root.resolve("inside/a"), special, micros),
          i -> i % 4 == 3 ? createAndRead(http, rootName) : fetch(http, page, i % 4 == 0 ? -1 : 0));
    }
  }

  /** Makes downloads of the directory while it is swapped, and reads their manifests. */
  public Result creates(String rootName, int count, int micros) {
    try (Http http = new Http(server)) {
      Result result =
          run(
              count,
              new Swapper(root.resolve("inside"), root.resolve("link"), micros),
              i -> createAndRead(http, rootName));
      linksThatLeadOut().forEach(link -> result.leaks().add("link " + link));
      return result;
    }
  }

  private Result run(int count, Swapper started, IntFunction<Answer> request) {
    ExecutorService clients =
        Executors.newFixedThreadPool(
            CLIENTS,
            task -> {
              Thread thread = new Thread(task, "swap-client");
              thread.setDaemon(true);
              return thread;
            });
    List<String> leaks = new ArrayList<>();
    int whole = 0;
    int hanging = 0;
    try (Swapper swapper = started) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        answers.add(clients.submit(() -> request.apply(number)));
      }
      for (Future<Answer> future : answers) {
        Answer answer = hanging < CLIENTS ? answer(future) : null;
        hanging += answer == null ? 1 : 0;
        whole += answer != null && answer.whole ? 1 : 0;
        if (answer != null && answer.leak != null) {
          leaks.add(answer.leak);
        }
      }
      return new Result(count, whole, leaks, hanging, swapper.swaps());
    } finally {
      clients.shutdownNow();
    }
  }

  /** An answer: whether nothing was amiss, and what it had from outside, or null. */
  private record Answer(boolean whole, String leak) {}

  private static Answer answer(Future<Answer> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Answer fetch(Http http, String page, int from) {
    // Of several ranges, each opens the file anew.
    StringJoiner ranges = new StringJoiner(",", "bytes=", "");
    for (int i = 0; i < RANGES; i++) {
      ranges.add((from + i * 200) + "-" + (from + i * 200 + 99));
    }
    String[] range = from < 0 ? new String[0] : new String[] {"Range", ranges.toString()};
    try {
      Reply reply = http.get("/downloads" + page, range);
      return new Answer(reply.status() == (from < 0 ? 200 : 206), leakInArchive(reply));
    } catch (UncheckedIOException broken) {
      // The archive broke off, as it must when its file has changed.
      return new Answer(false, null);
    }
  }

  private Answer createAndRead(Http http, String rootName) {
    Reply created = create(http, rootName);
    if (created.status() != 201) {
      return new Answer(false, leak(created));
    }
    Reply manifest = http.get("/downloads" + LadingServer.page(created, "get"));
    String leak = leak(created);
    return new Answer(manifest.status() == 200, leak == null ? leak(manifest) : leak);
  }

  private static Reply create(Http http, String rootName) {
    String request =
        "{\"root\": \"%s\", \"targets\": [{\"type\": \"directory\", \"path\": \"inside\", \"recursive\": true}]}"
            .formatted(rootName);
    return http.post(
        "/downloads/create", request.getBytes(ISO_8859_1), "Prefer", LadingServer.PATIENT);
  }

  /** Looks for bytes and names only: the numbers of a Content-Range may be any. */
  private String leakInArchive(Reply reply) {
    String body = new String(reply.bytes(), ISO_8859_1);
    return body.contains(secretBytes) ? "bytes" : body.contains(ONLY_OUTSIDE) ? "name" : null;
  }

  private String leak(Reply reply) {
    String body = new String(reply.bytes(), ISO_8859_1);
    if (body.contains(secretBytes)) {
      return "bytes";
    }
    return secrets.stream().filter(body::contains).findFirst().orElse(null);
  }

  private List<Path> linksThatLeadOut() {
    try (Stream<Path> files = Files.walk(directory.resolve("storage/content"))) {
      return files.filter(Files::isSymbolicLink).filter(this::leadsOut).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean leadsOut(Path link) {
    try {
      return !Files.readSymbolicLink(link).startsWith(root.toRealPath().resolve("inside"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
