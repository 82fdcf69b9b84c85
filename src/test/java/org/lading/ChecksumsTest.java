package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ListingXml;
import org.lading.testing.Manifest;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** Where the CRC-32s in manifests come from. */
class ChecksumsTest {
  private static final String ALL =
      "{'root': 'main', 'targets': [{'type': 'directory', 'path': '', 'recursive': true}]}";
  private static final String OBJECTS =
      "{'root': 's3', 'targets': [{'type': 'directory', 'path': 'd', 'recursive': true}]}";
  private static final int LARGE = 40 << 20;

  @TempDir Path directory;

  @Test
  void filesWithinTheBudget_areReadWhenTheDownloadIsCreated() throws IOException {
    byte[] a = write("a", 100_000);
    byte[] b = write("b", 150_000);
    byte[] c = write("c", 40_000);
    write("d", 0);
    try (LadingServer server = server("checksum_budget: 200000")) {
      // b does not fit any more; c does, and a file without content costs nothing.
      assertThat(checksums(server, server.create(ALL)))
          .containsExactly(crc32(a), "-", crc32(c), "00000000");
      // What is known already costs nothing either.
      assertThat(checksums(server, server.create(ALL)))
          .containsExactly(crc32(a), crc32(b), crc32(c), "00000000");
    }
  }

  @Test
  void manySmallFiles_countForMoreThanTheirSize_becauseOpeningTakesTime() throws IOException {
    for (int i = 0; i < 20; i++) {
      write("f%02d".formatted(i), 10);
    }
    try (LadingServer server = server("checksum_budget: 640 KiB")) {
      assertThat(checksums(server, server.create(ALL))).filteredOn("-"::equals).hasSize(10);
    }
  }

  @Test
  void whatWasStreamed_isKnownToTheNextDownload_andChangesNothingOfThisOne() throws IOException {
    byte[] large = write("large", LARGE);
    byte[] small = write("small", 1000);
    try (LadingServer server = server("checksum_budget: none")) {
      Reply created = server.create(ALL);
      Reply before = server.head(LadingServer.page(created, "download"));
      assertThat(checksums(server, created)).containsExactly("-", "-");
      byte[] archive = server.get(LadingServer.page(created, "download")).bytes();

      assertThat(checksums(server, created)).containsExactly("-", "-");
      Reply after = server.head(LadingServer.page(created, "download"));
      assertThat(after.header("ETag")).isEqualTo(before.header("ETag"));
      assertThat(server.get(LadingServer.page(created, "download")).bytes()).isEqualTo(archive);

      Reply next = server.create(ALL);
      assertThat(checksums(server, next)).containsExactly(crc32(large), crc32(small));
      assertStreamable(server.get(LadingServer.page(next, "download")).bytes(), large, small);
    }
  }

  @Test
  void whatWasLearned_outlivesTheServer() throws IOException {
    byte[] content = write("a", 100_000);
    try (LadingServer server = server("checksum_budget: none")) {
      server.get(LadingServer.page(server.create(ALL), "download"));
    }
    try (LadingServer server = server("checksum_budget: none")) {
      assertThat(checksums(server, server.create(ALL))).containsExactly(crc32(content));
    }
  }

  @Test
  void rangesOfALargeFile_areLearnedFromTogether() throws IOException {
    byte[] large = write("large", LARGE);
    try (LadingServer server = server("checksum_budget: none")) {
      Reply created = server.create(ALL);
      String page = LadingServer.page(created, "download");
      long length = created.json().get("zip_size").asLong();
      for (long from = 0; from < length; from += 10 << 20) {
        long last = Math.min(from + (10 << 20), length) - 1;
        server.get(page, "Range", "bytes=" + from + "-" + last);
      }
      assertThat(checksums(server, server.create(ALL))).containsExactly(crc32(large));
    }
  }

  @Test
  void fileThatChanged_isNotTakenForTheOneThatWasSeen() throws IOException {
    write("a", 1000);
    try (LadingServer server = server("checksum_budget: none")) {
      server.get(LadingServer.page(server.create(ALL), "download"));
      write("a", 1001);
      assertThat(checksums(server, server.create(ALL))).containsExactly("-");
    }
  }

  @Test
  void fileThatChangedUnderTheSameTime_breaksOff_andIsLearnedAnew() throws IOException {
    Path file = directory.resolve("root/a");
    write("a", 500_000);
    FileTime time = Files.getLastModifiedTime(file);
    try (LadingServer server = server("")) {
      server.create(ALL);
      byte[] changed = write("a", 500_000);
      Files.setLastModifiedTime(file, time);
      String page = LadingServer.page(server.create(ALL), "download");
      assertNoArchive(server, page);
      assertThat(checksums(server, server.create(ALL))).containsExactly(crc32(changed));
    }
  }

  @Test
  void fileThatChangedUnderTheSameTimeBetweenTwoFetches_breaksOff() throws IOException {
    Path file = directory.resolve("root/a");
    write("a", 1000);
    FileTime time = Files.getLastModifiedTime(file);
    try (LadingServer server = server("checksum_budget: none")) {
      String page = LadingServer.page(server.create(ALL), "download");
      server.get(page);
      byte[] changed = write("a", 1000);
      Files.setLastModifiedTime(file, time);
      assertNoArchive(server, page);
      assertThat(checksums(server, server.create(ALL))).containsExactly(crc32(changed));
    }
  }

  @Test
  void ledgerThatCannotBeRead_keepsNobodyFromADownload() throws IOException {
    byte[] large = write("large", LARGE);
    byte[] small = write("small", 1000);
    try (LadingServer server = server("checksum_budget: 1 MiB")) {
      server.sql("drop table checksum");
      Reply created = server.create(ALL);
      assertThat(checksums(server, created)).containsExactly("-", crc32(small));
      String page = LadingServer.page(created, "download");
      byte[] whole = server.get(page).bytes();
      assertThat(whole).hasSizeGreaterThan(large.length + small.length);
      Reply end = server.get(page, "Range", "bytes=" + (LARGE + 10) + "-");
      assertThat(end.bytes()).isEqualTo(Arrays.copyOfRange(whole, LARGE + 10, whole.length));
    }
  }

  @Test
  void checksumsThatTheStoreKeeps_areAskedForWhereTheListingSaysSo_andOnce() throws IOException {
    try (ScriptedS3 store = new ScriptedS3(ChecksumsTest::answer);
        LadingServer server = server(store.root())) {
      assertThat(checksums(server, server.create(OBJECTS)))
          .containsExactly("0000ffff", "-", "-", "-");
      assertThat(checksums(server, server.create(OBJECTS)))
          .containsExactly("0000ffff", "-", "-", "-");
      List<Request> heads =
          store.requests().stream().filter(r -> r.method().equals("HEAD")).toList();
      assertThat(heads).hasSize(1);
      assertThat(heads.get(0).path()).endsWith("/d/full");
      assertThat(heads.get(0).headers()).containsEntry("x-amz-checksum-mode", "ENABLED");
    }
  }

  @Test
  void storeThatDoesNotTellItsChecksums_isNoReasonToRefuse() throws IOException {
    try (ScriptedS3 store =
            new ScriptedS3(
                request ->
                    request.isListing() ? answer(request) : Answer.error(403, "AccessDenied"));
        LadingServer server = server(store.root())) {
      assertThat(checksums(server, server.create(OBJECTS))).containsOnly("-");
    }
  }

  private static Answer answer(Request request) {
    if (request.isListing()) {
      return Answer.ok(
          new ListingXml()
              .object("d/full", 5, "STANDARD", announced("CRC32", "FULL_OBJECT"))
              .object("d/none", 5)
              .object("d/other", 5, "STANDARD", announced("CRC64NVME", "FULL_OBJECT"))
              .object("d/parts", 5, "STANDARD", announced("CRC32", "COMPOSITE"))
              .toString());
    }
    byte[] crc = ByteBuffer.allocate(4).putInt(0xFFFF).array();
    return Answer.object(
        Map.of(
            "x-amz-checksum-crc32",
            Base64.getEncoder().encodeToString(crc),
            "x-amz-checksum-type",
            "FULL_OBJECT"));
  }

  private static String announced(String algorithm, String type) {
    return "<ChecksumAlgorithm>%s</ChecksumAlgorithm><ChecksumType>%s</ChecksumType>"
        .formatted(algorithm, type);
  }

  /** Nothing that could be taken for the archive comes out, whether before or after its begin. */
  private static void assertNoArchive(LadingServer server, String page) {
    assertThatThrownBy(
            () -> {
              Reply reply = server.get(page);
              if (reply.status() != 200) {
                throw new UncheckedIOException(new IOException(reply.toString()));
              }
            })
        .isInstanceOf(UncheckedIOException.class);
  }

  /** Reads the archive front to back, which only works where no descriptor follows a content. */
  private static void assertStreamable(byte[] archive, byte[]... contents) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (byte[] content : contents) {
        assertThat(zip.getNextEntry()).isNotNull();
        assertThat(zip.readAllBytes()).isEqualTo(content);
      }
    }
  }

  private static List<String> checksums(LadingServer server, Reply created) {
    return Manifest.parse(server.manifest(created)).stream().map(Manifest::crc32).toList();
  }

  private byte[] write(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random().nextBytes(content);
    Files.write(Files.createDirectories(directory.resolve("root")).resolve(name), content);
    return content;
  }

  private static String crc32(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return "%08x".formatted(crc.getValue());
  }

  private LadingServer server(String more) throws IOException {
    Files.createDirectories(directory.resolve("root"));
    String settings =
        more.startsWith("  - ")
            ? "roots:\n" + more
            : "roots:\n  - {name: main, path: root, serve: direct}\n" + more;
    return LadingServer.start(directory, settings);
  }
}
