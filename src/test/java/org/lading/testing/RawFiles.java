package org.lading.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Makes files whose names are exact bytes, whatever the locale of the machine. */
public final class RawFiles {
  private RawFiles() {}

  /** The path below an absolute directory; {@code /} between segments. */
  public static Path at(Path directory, byte... relative) {
    String parent = directory.toUri().toString();
    StringBuilder uri = new StringBuilder(parent.endsWith("/") ? parent : parent + "/");
    for (byte b : relative) {
      uri.append(b == '/' ? "/" : String.format("%%%02x", b));
    }
    return Path.of(URI.create(uri.toString()));
  }

  /** The path below an absolute directory, as UTF-8. */
  public static Path at(Path directory, String relative) {
    return at(directory, relative.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file, and the directories above it. */
  public static Path write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes all files below a directory; a name with a slash at the end is an empty directory. */
  public static Path writeAll(Path directory, Map<String, byte[]> files) {
    files.forEach(
        (name, content) -> {
          if (name.endsWith("/")) {
            makeDirectories(at(directory, name.substring(0, name.length() - 1)));
          } else {
            write(at(directory, name), content);
          }
        });
    return directory;
  }

  /** Makes a directory and those above it. */
  public static Path makeDirectories(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
