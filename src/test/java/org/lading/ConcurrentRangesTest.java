package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.S3Server;

/** Many clients at once take ranges of archives whose checksums nobody knows at first. */
class ConcurrentRangesTest {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /** Where files begin to be read otherwise: held, with a descriptor, in pieces. */
  private static final List<Integer> SIZES =
      List.of(
          0,
          1,
          64 * KIB,
          64 * KIB + 1,
          MIB - 1,
          MIB,
          MIB + 1,
          4 * MIB,
          4 * MIB + 1,
          16 * MIB,
          16 * MIB + 1);

  private static final int CLIENTS = 8;
  private static final int RANGES = 25;

  @TempDir Path directory;

  @Test
  void ranges_ofFilesOfEverySize_areSlicesOfTheWhole() throws Exception {
    Random random = new Random(3);
    try (S3Server s3 = new S3Server()) {
      s3.createBucket("content");
      Files.createDirectories(directory.resolve("root/d"));
      for (int size : SIZES) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        Files.write(directory.resolve("root/d/" + size), content);
        s3.put("content", "o/" + size, content);
      }
      try (LadingServer server =
          LadingServer.start(
              directory,
              "checksum_budget: none\nroots:\n  - {name: main, path: root, serve: direct}\n"
                  + s3.root("content"))) {
        // The ranges of the first one teach their checksums; the second one is then read whole.
        String page = page(server);
        byte[] whole = assertRanges(server, page);
        assertReadable(whole);
        assertThat(server.get(page).bytes()).isEqualTo(whole);
      }
    }
  }

  /** Every client has its own mind; what they say of one archive must be one archive. */
  private static byte[] assertRanges(LadingServer server, String page) throws Exception {
    int length = Integer.parseInt(server.head(page).header("Content-Length"));
    byte[] whole = new byte[length];
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<List<byte[]>>> parts = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int seed = client;
        parts.add(clients.submit(() -> ranges(server, page, length, seed)));
      }
      Reply reply = server.get(page);
      System.arraycopy(reply.bytes(), 0, whole, 0, length);
      for (int client = 0; client < CLIENTS; client++) {
        Random random = new Random(client);
        for (byte[] part : parts.get(client).get(2, TimeUnit.MINUTES)) {
          int from = random.nextInt(length);
          int to = from + part(random, length - from);
          assertThat(Arrays.equals(part, Arrays.copyOfRange(whole, from, to)))
              .as("%d to %d", from, to)
              .isTrue();
        }
      }
    } finally {
      clients.shutdownNow();
    }
    return whole;
  }

  private static List<byte[]> ranges(LadingServer server, String page, int length, int seed) {
    Random random = new Random(seed);
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < RANGES; i++) {
      int from = random.nextInt(length);
      int last = from + part(random, length - from) - 1;
      parts.add(server.get(page, "Range", "bytes=" + from + "-" + last).bytes());
    }
    return parts;
  }

  /** Short ones, and some that go over several files. */
  private static int part(Random random, int most) {
    int bound = random.nextInt(5) == 0 ? 20 * MIB : 200 * KIB;
    return 1 + random.nextInt(Math.min(most, bound));
  }

  private void assertReadable(byte[] archive) throws IOException {
    Path file = Files.write(directory.resolve("a.zip"), archive);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (int size : SIZES) {
        byte[] content = Files.readAllBytes(directory.resolve("root/d/" + size));
        for (String name : List.of("d/" + size, "o/" + size)) {
          ZipEntry entry = zip.getEntry(name);
          try (InputStream in = zip.getInputStream(entry)) {
            assertThat(Arrays.equals(in.readAllBytes(), content)).as(name).isTrue();
          }
          CRC32 crc = new CRC32();
          crc.update(content);
          assertThat(entry.getCrc()).as(name).isEqualTo(crc.getValue());
        }
      }
    }
  }

  private static String page(LadingServer server) {
    return LadingServer.page(
        server.create(
            "{'root': 'main', 'targets': [{'type': 'directory', 'path': 'd'},"
                + " {'type': 'directory', 'path': 'o', 'root': 's3'}]}"),
        "download");
  }
}
