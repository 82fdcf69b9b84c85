package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Calls the file system for the classes of this package; tests override single calls. */
class FileSystemCalls {
  private static final byte[] NOTHING = {};

  private final DirectoryOpener opener;

  /** A way to hold directories open. */
  @FunctionalInterface
  interface DirectoryOpener {
    DirectoryHandle open(Path real) throws IOException;
  }

  /** Takes the safest way that this system has. */
  FileSystemCalls() {
    this(bestOpener());
  }

  FileSystemCalls(DirectoryOpener opener) {
    this.opener = opener;
  }

  private static DirectoryOpener bestOpener() {
    LinuxCalls calls = LinuxCallsLoader.get();
    if (calls != null) {
      return path -> Openat2Directory.open(calls, path);
    }
    return SecureDirectory.isSupported() ? SecureDirectory::open : WholePathDirectory::open;
  }

  /** Opens a directory by its whole path, which is trusted. */
  final DirectoryHandle open(Path real) throws IOException {
    return opener.open(real);
  }

  /** Reads the attributes of a name itself, not of its link target; one system call. */
  FileStatus stat(DirectoryHandle directory, byte[] name) throws IOException {
    return directory.stat(name);
  }

  /**
   * Makes sure that a file that says that it is empty is so: some file systems say it of every
   * file. {@code MISSING_OR_INVALID_TARGET} if it is not.
   *
   * @param path gives its path in that sentence
   * @return the attributes of the file, which may have been written to since it was looked at
   */
  final FileStatus checked(
      DirectoryHandle directory, byte[] name, FileStatus status, Supplier<String> path)
      throws IOException {
    if (!status.isFile() || status.size() > 0) {
      return status;
    }
    try {
      directory.readFully(name, status, NOTHING);
      return status;
    } catch (IOException e) {
      FileStatus now = stat(directory, name);
      if (now.isFile() && now.size() > 0) {
        return now;
      }
      if (e instanceof WrongSizeException) {
        throw FilesystemErrors.notEmpty(path.get(), e);
      }
      throw e;
    }
  }

  /** Reads the exact bytes of every name in a directory. */
  FileNameList names(DirectoryHandle directory) throws IOException {
    return directory.names();
  }

  /** Hands over every name in a directory, in no order. */
  void visitNames(DirectoryHandle directory, DirectoryHandle.NameVisitor visitor)
      throws IOException {
    directory.visitNames(visitor);
  }

  /** Tells whether a directory has any name in it; fails if it cannot be opened. */
  boolean hasNames(DirectoryHandle directory) throws IOException {
    return directory.hasNames();
  }

  /** Tells whether this process may read a file; one system call. */
  boolean mayRead(DirectoryHandle directory, byte[] name) throws IOException {
    return directory.isReadable(name);
  }

  /** Tells whether this process can read the file; no system call if everybody may read it. */
  final boolean isReadable(DirectoryHandle directory, byte[] name, FileStatus status)
      throws IOException {
    return status.isReadableByAll() || mayRead(directory, name);
  }
}
