package org.lading.nginx.check;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds files by which a directory can be checked, and what keeps other users from them. */
final class DirectorySamples {
  /** The maximum size in bytes of a file that is packed. */
  static final long MAX_SIZE = 16 << 20;

  /** The maximum number of files and directories that are looked at. */
  static final int MAX_LOOKED_AT = 1000;

  private static final int MAX_SAMPLES = 3;

  private DirectorySamples() {}

  /**
   * A file of a directory.
   *
   * @param path its path below the directory
   */
  record Sample(String path, Instant modified) {}

  /** Returns some files that are not empty and not large; what cannot be read is passed over. */
  static List<Sample> find(Path directory) throws IOException {
    List<Sample> samples = new ArrayList<>();
    // A root may be a link itself.
    Path top = directory.toRealPath();
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          private int lookedAt;

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
            String path = top.relativize(file).toString();
            boolean fits = is.isRegularFile() && is.size() > 0 && is.size() <= MAX_SIZE;
            // A name that is not UTF-8 does not lead back to its file.
            if (fits && Files.isReadable(file) && Files.exists(top.resolve(path))) {
              samples.add(new Sample(path, is.lastModifiedTime().toInstant()));
            }
            return next();
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (file.equals(top)) {
              throw why;
            }
            return next();
          }

          private FileVisitResult next() {
            boolean enough = samples.size() >= MAX_SAMPLES || ++lookedAt >= MAX_LOOKED_AT;
            return enough ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }
        });
    return samples;
  }

  /**
   * Returns a sentence about the first directory on the way to a file, or the file, that its mode
   * closes to other users than its owner and group; null if none does so, or it cannot be seen.
   */
  static @Nullable String obstacle(Path file) {
    for (int i = 1; i <= file.getNameCount(); i++) {
      Path part = file.getRoot().resolve(file.subpath(0, i));
      boolean last = i == file.getNameCount() && !Files.isDirectory(part);
      try {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(part);
        PosixFilePermission needed =
            last ? PosixFilePermission.OTHERS_READ : PosixFilePermission.OTHERS_EXECUTE;
        if (!mode.contains(needed)) {
          return part
              + " has the mode "
              + PosixFilePermissions.toString(mode)
              + ": allow the user of nginx's workers to "
              + (last ? "read it" : "pass through it");
        }
      } catch (IOException | UnsupportedOperationException notSeen) {
        return null;
      }
    }
    return null;
  }
}
