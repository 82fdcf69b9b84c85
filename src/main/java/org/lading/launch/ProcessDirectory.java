package org.lading.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The temporary directory of a process: {@code lading-NUMBER} below {@code java.io.tmpdir}, open to
 * its user alone. A process removes its own at its end. It may be killed before that, so each holds
 * a lock on the file {@code lading-NUMBER.lock}, and the next process of the same user removes the
 * directories whose file is not locked.
 */
final class ProcessDirectory {
  private static final String PREFIX = "lading-";
  private static final String LOCK = ".lock";

  /** The maximum number of locks that a process makes, if others take them for abandoned ones. */
  private static final int MAX_TRIES = 100;

  /** Loaded with this class: when the process ends, another WAR may be in the place of its own. */
  private static final Removal REMOVAL = new Removal();

  private final Path lock;

  /** Keeps the lock: a channel that nobody refers to is closed. */
  private final FileChannel channel;

  private ProcessDirectory(Path lock, FileChannel channel) {
    this.lock = lock;
    this.channel = channel;
  }

  /** Makes one for this process, and removes those of processes that have ended. */
  static Path make() throws IOException {
    return make(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** As above, below a directory. */
  static Path make(Path parent) throws IOException {
    for (int i = 0; i < MAX_TRIES; i++) {
      Path file = Files.createTempFile(parent, PREFIX, LOCK);
      FileChannel channel = lockOf(file);
      if (channel != null) {
        removeAbandoned(parent, file);
        ProcessDirectory made = new ProcessDirectory(file, channel);
        Runtime.getRuntime().addShutdownHook(new Thread(made::remove, "lading-end"));
        return Files.createDirectory(
            of(file),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    }
    throw new IOException("no lock can be had in " + parent);
  }

  private static Path of(Path lock) {
    String name = lock.getFileName().toString();
    return lock.resolveSibling(name.substring(0, name.length() - LOCK.length()));
  }

  /**
   * Returns a channel that holds the lock on a file, or null if another process holds it, or has
   * removed the file.
   */
  private static @Nullable FileChannel lockOf(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    if (channel.tryLock() != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return channel;
    }
    channel.close();
    return null;
  }

  private static void removeAbandoned(Path parent, Path own) throws IOException {
    List<Path> locks;
    try (Stream<Path> files = Files.list(parent)) {
      locks = files.filter(file -> isLock(file) && !file.equals(own)).toList();
    }
    for (Path lock : locks) {
      try {
        // What others have put there may be anything: a pipe that never opens, a link to elsewhere.
        if (Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(lock, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))) {
          removeIfAbandoned(lock);
        }
      } catch (IOException e) {
        System.err.println(lock + " of a process that has ended cannot be removed: " + e);
      }
    }
  }

  private static boolean isLock(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(PREFIX) && name.endsWith(LOCK);
  }

  private static void removeIfAbandoned(Path lock) throws IOException {
    try (FileChannel channel = lockOf(lock)) {
      if (channel != null) {
        removeTree(of(lock));
        Files.delete(lock);
      }
    }
  }

  private void remove() {
    try {
      removeTree(of(lock));
      Files.deleteIfExists(lock);
      channel.close();
    } catch (IOException e) {
      System.err.println(of(lock) + " cannot be removed: " + e);
    }
  }

  /** Removes a directory and all in it, also if others remove the same at the same time. */
  static void removeTree(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(directory, REMOVAL);
  }

  /**
   * Removes each file that it visits, and then the directory. What is gone already is no failure:
   * when a second signal ends a process, its server is just removing what it has made there.
   */
  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
        throws IOException {
      if (failure != null && !(failure instanceof NoSuchFileException)) {
        throw failure;
      }
      Files.deleteIfExists(visited);
      return FileVisitResult.CONTINUE;
    }
  }
}
