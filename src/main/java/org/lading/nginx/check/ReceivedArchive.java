package org.lading.nginx.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Enumeration;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * What a client got when it asked for an archive, told by its content.
 *
 * @param kind what the content is
 * @param members the files of a {@link Kind#WHOLE} archive by their names
 * @param answer the answer
 */
record ReceivedArchive(Kind kind, Map<String, ReceivedArchive.Content> members, Answer answer) {
  private static final int MIN_LENGTH = 4;

  /** The kinds of content. */
  enum Kind {
    /** A zip whose members have the checksums that it gives them. */
    WHOLE,
    /** A zip that is complete by its length, but cannot be read or has a wrong checksum. */
    CORRUPT,
    /** A transfer that broke off, as it does when nginx cannot read an entry. */
    BROKEN,
    /** The text of a manifest. */
    MANIFEST,
    /** Something else, such as an error or a redirect. */
    OTHER
  }

  /**
   * The content of a member, for comparison.
   *
   * @param crc32 computed from the bytes
   * @param modified the time that the archive gives
   */
  record Content(long crc32, long size, Instant modified) {
    boolean hasBytesOf(Content other) {
      return crc32 == other.crc32 && size == other.size;
    }
  }

  static ReceivedArchive of(Answer answer) {
    // mod_zip ends the connection without an answer where a small archive breaks off.
    boolean ended = answer.status() == 0 && Causes.isEndOfConnection(answer.failure());
    if (ended || (answer.status() == 200 && !answer.isWhole())) {
      return new ReceivedArchive(Kind.BROKEN, Map.of(), answer);
    }
    if (answer.status() != 200) {
      return new ReceivedArchive(Kind.OTHER, Map.of(), answer);
    }
    byte[] body = answer.body();
    if (body.length >= MIN_LENGTH && body[0] == 'P' && body[1] == 'K') {
      return zip(answer);
    }
    boolean manifest = !ManifestLine.parse(answer.text()).isEmpty();
    return new ReceivedArchive(manifest ? Kind.MANIFEST : Kind.OTHER, Map.of(), answer);
  }

  boolean isWhole() {
    return kind == Kind.WHOLE;
  }

  /** Tells whether both have the same files with the same bytes. */
  boolean hasFilesOf(ReceivedArchive other) {
    return members.keySet().equals(other.members.keySet())
        && members.entrySet().stream()
            .allMatch(
                member ->
                    member
                        .getValue()
                        .hasBytesOf(other.members.getOrDefault(member.getKey(), NONE)));
  }

  private static final Content NONE = new Content(-1, -1, Instant.EPOCH);

  private static ReceivedArchive zip(Answer answer) {
    try {
      // ZipFile alone reads stored members with data descriptors, and it reads files only.
      Path file = Files.createTempFile("lading-check", ".zip");
      try {
        Files.write(file, answer.body());
        return new ReceivedArchive(Kind.WHOLE, members(file), answer);
      } catch (ZipException e) {
        return new ReceivedArchive(Kind.CORRUPT, Map.of(), answer);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Content> members(Path file) throws IOException {
    Map<String, Content> members = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        CRC32 crc32 = new CRC32();
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        crc32.update(bytes);
        if (crc32.getValue() != entry.getCrc() || bytes.length != entry.getSize()) {
          throw new ZipException("other bytes than the archive says: " + entry.getName());
        }
        FileTime time = entry.getLastModifiedTime();
        members.put(
            entry.getName(),
            new Content(
                crc32.getValue(), bytes.length, time == null ? Instant.EPOCH : time.toInstant()));
      }
    }
    return members;
  }
}
