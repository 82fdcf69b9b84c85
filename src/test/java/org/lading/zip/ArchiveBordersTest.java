package org.lading.zip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Program;

/**
 * Archives in which a number lies at the border of its 32-bit or 16-bit field, always with a member
 * after it, in the hands of the programs that people have. Large contents are holes of the file.
 */
@NeedsProgram({"unzip", "7z", "bsdtar", "python3"})
class ArchiveBordersTest {
  private static final long BORDER = 0xFFFF_FFFFL;
  private static final int MAX_LISTED = 100;
  private static final byte[] SMALL = "abc".getBytes(StandardCharsets.UTF_8);
  private static final String PYTHON =
      "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);"
          + "print(len(z.namelist()));sys.stdout.write(z.read(z.namelist()[-1]).decode())";

  @TempDir Path directory;

  /** Members that are holes, or are small, and end with a small one. */
  private static final class Holes implements MemberCatalog {
    final List<Member> members = new ArrayList<>();
    final ZipLayout layout = new ZipLayout();

    Holes add(String name, long size) {
      return add(new Member(name, size, Instant.EPOCH, false));
    }

    Holes add(Member member) {
      members.add(member);
      layout.add(member);
      return this;
    }

    @Override
    public ZipLayout.Point end() {
      return layout.point();
    }

    @Override
    public ZipLayout.Point before(long offset) {
      ZipLayout at = new ZipLayout();
      ZipLayout.Point point = at.point();
      for (Member member : members) {
        at.add(member);
        if (at.point().offset() > offset) {
          break;
        }
        point = at.point();
      }
      return point;
    }

    @Override
    public ZipLayout.Point beforeCentral(long central) {
      return ZipLayout.Point.START;
    }

    @Override
    public Iterator<MemberContent> members(ZipLayout.Point from, long until) {
      return members.subList((int) from.members(), members.size()).stream()
          .<MemberContent>map(Hole::new)
          .iterator();
    }

    @Override
    public Iterator<MemberContent> headers(ZipLayout.Point from) {
      return members(from, Long.MAX_VALUE);
    }

    @Override
    public void close() {
      // Nothing is kept open.
    }

    /** Writes everything but the contents that are holes. */
    Path write(Path file) throws IOException {
      long length = ArchiveStream.length(this);
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.setLength(length);
        long from = 0;
        ZipLayout at = new ZipLayout();
        for (Member member : members) {
          at.add(member);
          if (member.size() > SMALL.length) {
            copy(out, from, at.lastContent());
            from = at.lastContentEnd();
          }
        }
        copy(out, from, length);
      }
      return file;
    }

    private void copy(RandomAccessFile out, long from, long to) throws IOException {
      try (ArchiveStream stream = new ArchiveStream(this, from, to)) {
        out.seek(from);
        out.write(stream.readAllBytes());
      }
    }
  }

  private record Hole(Member member) implements MemberContent {
    @Override
    public long crc32() {
      CRC32 crc = new CRC32();
      // Nobody reads the holes to their end, so their CRC-32 may be any.
      crc.update(SMALL, 0, (int) Math.min(SMALL.length, member.size()));
      return crc.getValue();
    }

    @Override
    public InputStream open(long from, long to) {
      return new ByteArrayInputStream(SMALL, (int) from, (int) (to - from));
    }
  }

  private void assertReadable(Holes archive) throws Exception {
    Path file = archive.add("last", SMALL.length).write(directory.resolve("border.zip"));
    String name = file.toString();
    int count = archive.members.size();
    assertThat(Program.run(directory, "unzip", "-l", name)).contains(" " + count + " file");
    assertThat(Program.run(directory, "unzip", "-p", name, "last")).isEqualTo("abc");
    if (count < MAX_LISTED) {
      assertListed(archive, name);
    }
    assertThat(Program.run(directory, "7z", "e", "-so", "-bd", name, "last")).isEqualTo("abc");
    assertThat(Program.run(directory, "bsdtar", "-xOf", name, "last")).isEqualTo("abc");
    assertThat(Program.run(directory, "python3", "-c", PYTHON, name)).isEqualTo(count + "\nabc");
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(count);
      assertThat(zip.getInputStream(zip.getEntry("last")).readAllBytes()).isEqualTo(SMALL);
    }
  }

  private void assertListed(Holes archive, String file) throws Exception {
    for (String[] listing : new String[][] {{"unzip", "-l"}, {"7z", "l"}, {"bsdtar", "-tvf"}}) {
      String printed = Program.run(directory, listing[0], listing[1], file);
      assertThat(printed).doesNotContainIgnoringCase("warning");
      for (Member member : archive.members) {
        String line =
            "(?m)(^| )%d .*%s/?$".formatted(member.size(), member.name().replace("/", ""));
        assertThat(printed).containsPattern(line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {BORDER - 1, BORDER, BORDER + 1})
  void size_atTheBorder_withMembersAfterIt_isReadByAll(long size) throws Exception {
    assertReadable(new Holes().add("big", size).add("empty", 0).add("directory/", 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {BORDER - 1, BORDER, BORDER + 1})
  void twoSizesAtTheBorder_areReadByAll(long size) throws Exception {
    assertReadable(new Holes().add("small", 1).add("big", size).add("alike", size));
  }

  @ParameterizedTest
  @ValueSource(longs = {BORDER - 1, BORDER, BORDER + 1})
  void size_atTheBorder_whoseCrc32ComesLater_isReadByAll(long size) throws Exception {
    assertReadable(new Holes().add(new Member("big", size, Instant.EPOCH, true)).add("next", 3));
  }

  @ParameterizedTest
  @ValueSource(longs = {BORDER - 1, BORDER, BORDER + 1})
  void offset_atTheBorder_isReadByAll(long offset) throws Exception {
    long headers = 30L + "big".length() + 9;
    assertReadable(new Holes().add("big", offset - headers).add("there", 3).add("after", 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {BORDER - 1, BORDER, BORDER + 1})
  void centralDirectory_thatBeginsAtTheBorder_isReadByAll(long offset) throws Exception {
    long headers = (30L + "big".length() + 9) + (30 + "last".length() + 9 + SMALL.length);
    Holes archive = new Holes().add("big", offset - headers);
    assertReadable(archive);
    assertThat(archive.end().offset()).isEqualTo(offset);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_534, 65_535, 65_536})
  void count_atTheBorder_isReadByAll(int count) throws Exception {
    Holes archive = new Holes();
    for (int i = 1; i < count; i++) {
      archive.add("member " + i, 0);
    }
    assertReadable(archive);
  }

  @Test
  void count_overTheBorder_afterASizeAtTheBorder_isReadByAll() throws Exception {
    Holes archive = new Holes().add("big", BORDER);
    for (int i = 1; i < 65_536; i++) {
      archive.add("member " + i, 0);
    }
    assertReadable(archive);
  }
}
