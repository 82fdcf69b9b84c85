package org.lading.backup;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The symbolic links of a backup's content, which {@code sha256sum} follows and so cannot list. The
 * file {@value #FILE} has a line for each, with its name, a space, and the path that it leads to as
 * in a URL.
 */
final class StoredLinks {
  static final String FILE = "links";

  private StoredLinks() {}

  /** Writes the list, if there are links. */
  static void write(Path backup) throws IOException {
    Path list = backup.resolve(FILE);
    Files.deleteIfExists(list);
    try (BufferedWriter lines = Files.newBufferedWriter(list);
        Stream<Path> all = Files.walk(backup)) {
      for (Iterator<Path> each = all.iterator(); each.hasNext(); ) {
        Path path = each.next();
        if (Files.isSymbolicLink(path)) {
          lines.write(line(backup.relativize(path).toString(), path) + "\n");
        }
      }
    }
    if (Files.size(list) == 0) {
      Files.delete(list);
    } else {
      Checksums.force(list);
    }
  }

  /** Reads the lines of the list, which backups of older versions lack. */
  static void readInto(KnownNames.Builder names, Path backup) throws IOException {
    Path list = backup.resolve(FILE);
    if (Files.exists(list)) {
      try (BufferedReader lines = Files.newBufferedReader(list)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          names.add(line);
        }
      }
    }
  }

  /** Throws unless a link is listed with where it leads, or leads to a file of a root. */
  static void requireOwn(Path link, String name, KnownNames known, List<Path> roots)
      throws IOException {
    Path target = Files.readSymbolicLink(link);
    boolean isContent = name.startsWith(ContentFiles.DIRECTORY + "/");
    // A name such as .. would lead out of what it follows.
    boolean leadsToRoot =
        target.equals(target.normalize()) && roots.stream().anyMatch(target::startsWith);
    if (!isContent || !(known.contains(line(name, link)) || leadsToRoot)) {
      throw new BackupException(
          "The link %s leads to %s, which is in no root and is not listed in %s"
              .formatted(name, target, FILE));
    }
  }

  private static String line(String name, Path link) throws IOException {
    // As a URI it has the bytes of the path whatever the locale is, and a slash after a directory.
    String path = Files.readSymbolicLink(link).toUri().getRawPath();
    return name + " " + path.replaceAll("/$", "");
  }
}
