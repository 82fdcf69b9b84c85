package org.lading.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files of the WAR in a directory of this process, which is removed when the process ends.
 *
 * @param directory the directory
 */
record UnpackedWar(Path directory) {
  private static final String CLASSES = "WEB-INF/classes";
  private static final String LIBRARIES = "WEB-INF/lib";
  private static final String SERVER = "WEB-INF/launch";

  /** Unpacks a WAR. */
  static UnpackedWar of(Path war) throws IOException {
    Path directory = ProcessDirectory.make();
    try (ZipFile zip = new ZipFile(war.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        unpack(zip, entries.nextElement(), directory);
      }
    }
    return new UnpackedWar(directory);
  }

  private static void unpack(ZipFile zip, ZipEntry entry, Path directory) throws IOException {
    Path file = directory.resolve(entry.getName()).normalize();
    if (!file.startsWith(directory)) {
      throw new IOException(entry.getName() + " is not a name within the WAR");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(file);
    } else {
      Files.createDirectories(file.getParent());
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, file);
      }
    }
  }

  /** Returns a loader of the launcher, of its server, and of the libraries that both log with. */
  URLClassLoader serverClasses() throws IOException {
    List<Path> paths = new ArrayList<>(List.of(directory));
    paths.addAll(jars(SERVER, name -> true));
    paths.addAll(jars(LIBRARIES, name -> name.startsWith("slf4j-")));
    return loader(paths);
  }

  /** Returns a loader of the application with its libraries. */
  URLClassLoader applicationClasses() throws IOException {
    List<Path> paths = new ArrayList<>(List.of(directory.resolve(CLASSES)));
    paths.addAll(jars(LIBRARIES, name -> true));
    return loader(paths);
  }

  private List<Path> jars(String below, Predicate<String> isWanted) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(below))) {
      return files.filter(file -> isWanted.test(file.getFileName().toString())).sorted().toList();
    }
  }

  private static URLClassLoader loader(List<Path> paths) {
    return new URLClassLoader(
        paths.stream().map(UnpackedWar::url).toArray(URL[]::new),
        ClassLoader.getPlatformClassLoader());
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
