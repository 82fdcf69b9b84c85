package org.lading.backup;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.lading.base.Digests;

/**
 * The SHA-256 of all files of a backup, in a file of the format of {@code sha256sum}. It is written
 * last: a directory without it is no backup.
 */
final class Checksums {
  static final String FILE = "SHA256SUMS";

  private static final String UNFINISHED = FILE + ".unfinished";
  private static final String SEPARATOR = "  ";
  private static final int BLOCK = 1 << 16;

  private Checksums() {}

  /** Writes the checksums of all files, after which the directory is a backup. */
  static void write(Path backup) throws IOException {
    StoredLinks.write(backup);
    Path unfinished = backup.resolve(UNFINISHED);
    Files.deleteIfExists(backup.resolve(FILE));
    try (BufferedWriter lines = Files.newBufferedWriter(unfinished);
        Stream<Path> all = Files.walk(backup)) {
      for (Iterator<Path> each = all.iterator(); each.hasNext(); ) {
        Path file = each.next();
        if (isOwnFile(file) && !file.equals(unfinished)) {
          lines.write(digest(file) + SEPARATOR + backup.relativize(file) + "\n");
        }
      }
    }
    force(unfinished);
    Files.move(unfinished, backup.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    force(backup);
  }

  /** Returns whether a path is a file, and no link to one. */
  static boolean isOwnFile(Path path) {
    return !Files.isSymbolicLink(path) && Files.isRegularFile(path);
  }

  /** Waits until the disk has a file or a directory. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Reads all files.
   *
   * @param roots the directories into which symbolic links of the content may lead that are not
   *     listed
   * @return the number of files below {@code content}
   * @throws BackupException if the backup was not finished, a file is missing or another one, or
   *     there is a file or link that does not belong to it
   */
  static long verify(Path backup, List<Path> roots) throws IOException {
    if (!Files.isDirectory(backup)) {
      throw new BackupException("There is no directory " + backup);
    }
    KnownNames.Builder names = new KnownNames.Builder();
    long files = verifyListed(backup, names);
    StoredLinks.readInto(names, backup);
    KnownNames known = names.build();
    if (!known.contains(BackupInfo.FILE)) {
      throw new BackupException(backup + " lacks " + BackupInfo.FILE + ", or its checksum");
    }
    requireOwn(backup.toRealPath(), known, roots);
    return files;
  }

  /** Refuses what is in a backup and no list has. */
  private static void requireOwn(Path backup, KnownNames known, List<Path> roots)
      throws IOException {
    try (Stream<Path> all = Files.walk(backup)) {
      for (Iterator<Path> each = all.iterator(); each.hasNext(); ) {
        Path path = each.next();
        String name = backup.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          StoredLinks.requireOwn(path, name, known, roots);
        } else if (!Files.isDirectory(path) && !known.contains(name) && !name.equals(FILE)) {
          throw new BackupException(
              "The file " + name + " of " + backup + " has no line in " + FILE);
        }
      }
    }
  }

  private static long verifyListed(Path backup, KnownNames.Builder names) throws IOException {
    long files = 0;
    try (BufferedReader lines = Files.newBufferedReader(backup.resolve(FILE))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int end = line.indexOf(SEPARATOR);
        String name = end < 0 ? "" : line.substring(end + SEPARATOR.length());
        if (end < 0 || !digest(backup.resolve(name)).equals(line.substring(0, end))) {
          throw new BackupException("The file " + name + " of " + backup + " is damaged");
        }
        names.add(name);
        files += name.startsWith(ContentFiles.DIRECTORY + "/") ? 1 : 0;
      }
    } catch (NoSuchFileException e) {
      throw new BackupException(
          String.valueOf(e.getMessage()).endsWith(FILE)
              ? backup + " is no backup, or one that was broken off: it has no " + FILE
              : backup + " lacks " + e.getMessage(),
          e);
    }
    return files;
  }

  private static String digest(Path file) throws IOException {
    MessageDigest digest = Digests.sha256();
    byte[] block = new byte[BLOCK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        digest.update(block, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
