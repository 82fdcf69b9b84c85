package org.lading.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveStreamTest {
  @TempDir Path directory;

  /** An archive held in memory, with a point at every tenth member. */
  private static final class Archive implements MemberCatalog {
    final List<Member> members = new ArrayList<>();
    final List<byte[]> contents = new ArrayList<>();
    final List<ZipLayout.Point> points = new ArrayList<>();
    final ZipLayout layout = new ZipLayout();
    long opened;
    long firstPosition = -1;

    Archive add(String name, byte[] content, boolean deferred) {
      if (members.size() % 10 == 0) {
        points.add(layout.point());
      }
      Instant modified = Instant.ofEpochSecond(1_700_000_000L + 2L * members.size());
      Member member = new Member(name, content.length, modified, deferred);
      members.add(member);
      contents.add(content);
      layout.add(member);
      return this;
    }

    @Override
    public ZipLayout.Point end() {
      return layout.point();
    }

    @Override
    public ZipLayout.Point before(long offset) {
      return points.stream().filter(p -> p.offset() <= offset).reduce((a, b) -> b).orElseThrow();
    }

    @Override
    public ZipLayout.Point beforeCentral(long central) {
      return points.stream().filter(p -> p.central() <= central).reduce((a, b) -> b).orElseThrow();
    }

    @Override
    public Iterator<MemberContent> members(ZipLayout.Point from, long until) {
      return IntStream.range((int) from.members(), members.size())
          .mapToObj(this::content)
          .iterator();
    }

    @Override
    public Iterator<MemberContent> headers(ZipLayout.Point from) {
      return members(from, Long.MAX_VALUE);
    }

    private MemberContent content(int index) {
      return new MemberContent() {
        @Override
        public Member member() {
          return members.get(index);
        }

        @Override
        public long crc32() {
          CRC32 crc = new CRC32();
          crc.update(contents.get(index));
          return crc.getValue();
        }

        @Override
        public InputStream open(long from, long to) {
          opened++;
          firstPosition = firstPosition < 0 ? from : firstPosition;
          return new ByteArrayInputStream(contents.get(index), (int) from, (int) (to - from));
        }
      };
    }

    @Override
    public void close() {
      // Nothing is kept open.
    }

    long length() {
      return ArchiveStream.length(this);
    }

    byte[] read(long from, long to) throws IOException {
      try (ArchiveStream stream = new ArchiveStream(this, from, to)) {
        return stream.readAllBytes();
      }
    }

    byte[] whole() throws IOException {
      return read(0, length());
    }
  }

  private static Archive mixed(int count, boolean deferring) {
    Random random = new Random(count);
    Archive archive = new Archive();
    for (int i = 0; i < count; i++) {
      if (i % 17 == 3) {
        archive.add("empty " + i + "/", new byte[0], false);
        continue;
      }
      byte[] content = new byte[i % 5 == 0 ? 0 : random.nextInt(300)];
      random.nextBytes(content);
      archive.add("\u00fc\ud83d\ude00/file " + i, content, deferring && random.nextBoolean());
    }
    return archive;
  }

  @Test
  void length_isThatOfTheBytes() throws IOException {
    for (int count : new int[] {0, 1, 9, 10, 11, 300}) {
      Archive archive = mixed(count, true);
      if (count == 0) {
        archive.points.add(ZipLayout.Point.START);
      }
      assertThat(archive.whole()).hasSize((int) archive.length());
    }
  }

  @Test
  void anyRange_isThatSliceOfTheWhole() throws IOException {
    Archive archive = mixed(300, true);
    byte[] whole = archive.whole();
    Random random = new Random(5);
    for (int i = 0; i < 5000; i++) {
      int from = random.nextInt(whole.length);
      int to = from + 1 + random.nextInt(i % 2 == 0 ? 100 : whole.length - from);
      to = Math.min(to, whole.length);
      assertThat(archive.read(from, to))
          .as("%d to %d", from, to)
          .isEqualTo(java.util.Arrays.copyOfRange(whole, from, to));
    }
  }

  @Test
  void everyBytePosition_canBeginARange() throws IOException {
    Archive archive = mixed(25, true);
    byte[] whole = archive.whole();
    for (int from = 0; from < whole.length; from++) {
      assertThat(archive.read(from, whole.length))
          .isEqualTo(java.util.Arrays.copyOfRange(whole, from, whole.length));
    }
    assertThat(archive.read(whole.length, whole.length)).isEmpty();
  }

  @Test
  void rangeInsideAContent_opensItThereAndNothingElse() throws IOException {
    Archive archive = new Archive();
    for (int i = 0; i < 100; i++) {
      archive.add("m" + i, new byte[10_000], true);
    }
    long begin = archive.points.get(5).offset() + 30 + 3 + 9;
    archive.read(begin + 7000, begin + 7100);
    assertThat(archive.opened).isEqualTo(1);
    assertThat(archive.firstPosition).isEqualTo(7000);
  }

  @Test
  void java_readsNamesTimesAndContents() throws IOException {
    Archive archive = mixed(300, true);
    Path file = Files.write(directory.resolve("a.zip"), archive.whole());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(300);
      for (int i = 0; i < 300; i++) {
        Member member = archive.members.get(i);
        ZipEntry entry = zip.getEntry(member.name());
        assertThat(entry.isDirectory()).isEqualTo(member.isDirectory());
        assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(member.modified());
        assertThat(zip.getInputStream(entry).readAllBytes()).isEqualTo(archive.contents.get(i));
      }
    }
  }

  @Test
  void streamingReaders_readAnArchiveWithoutDescriptors() throws IOException {
    Archive archive = mixed(300, false);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.whole()))) {
      for (int i = 0; i < 300; i++) {
        ZipEntry entry = zip.getNextEntry();
        assertThat(entry.getName()).isEqualTo(archive.members.get(i).name());
        assertThat(zip.readAllBytes()).isEqualTo(archive.contents.get(i));
      }
      assertThat(zip.getNextEntry()).isNull();
    }
  }

  @Test
  void contentThatEndsEarly_isAFailureAndNoShortArchive() {
    Archive archive = new Archive().add("a", new byte[100], false);
    archive.contents.set(0, new byte[60]);
    assertThatThrownBy(archive::whole).isInstanceOf(EOFException.class);
  }

  @Test
  void zip64_byNumbers() {
    long limit = 0xFFFF_FFFFL;
    ZipLayout layout = new ZipLayout();
    Instant time = Instant.EPOCH;
    layout.add(new Member("a", limit - 1, time, false));
    assertThat(layout.point().central()).isEqualTo(46 + 1 + 9);
    layout.add(new Member("b", limit, time, true));
    assertThat(layout.point().central()).isEqualTo(2 * (46 + 1 + 9) + 4 + 24);
    assertThat(layout.point().offset())
        .isEqualTo((30 + 1 + 9 + limit - 1) + (30 + 1 + 9 + 20 + limit + 24));
    assertThat(layout.endLength()).isEqualTo(56 + 20 + 22);
    layout.add(new Member("c", 1, time, false));
    assertThat(layout.point().central()).isEqualTo(3 * (46 + 1 + 9) + 4 + 24 + 4 + 24);
    assertThat(new ZipLayout(new ZipLayout.Point(65_534, 0, 0)).endLength()).isEqualTo(22);
    assertThat(new ZipLayout(new ZipLayout.Point(65_535, 0, 0)).endLength()).isEqualTo(98);
    assertThat(new ZipLayout(new ZipLayout.Point(1, limit - 1, 0)).endLength()).isEqualTo(22);
    assertThat(new ZipLayout(new ZipLayout.Point(1, limit, 0)).endLength()).isEqualTo(98);
  }

  @Test
  void timesOutsideTheFields_areClippedOrLeftOut() {
    assertThat(ZipRecordWriter.dosTime(Instant.parse("1970-01-01T00:00:00Z")))
        .isEqualTo(0x0021_0000);
    assertThat(ZipRecordWriter.dosTime(Instant.parse("2024-02-29T23:59:59Z")))
        .isEqualTo((44 << 25) | (2 << 21) | (29 << 16) | (23 << 11) | (59 << 5) | 29);
    assertThat(ZipRecordWriter.dosTime(Instant.parse("3000-01-01T00:00:00Z")))
        .isEqualTo(ZipRecordWriter.dosTime(Instant.parse("2107-12-31T23:59:58Z")));
    ZipLayout layout = new ZipLayout();
    Member late = new Member("a", 0, Instant.parse("2050-01-01T00:00:00Z"), false);
    assertThat(layout.prefixLength(late)).isEqualTo(30 + 1);
  }
}
