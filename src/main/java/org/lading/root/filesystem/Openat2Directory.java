package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A directory held open by Linux, which resolves whole paths below it in one system call: {@code
 * openat2} with {@code RESOLVE_BENEATH} and {@code RESOLVE_NO_SYMLINKS}.
 */
final class Openat2Directory extends DirectoryHandle {
  private static final byte[] ITSELF = {};

  private final LinuxCalls calls;
  private final int descriptor;
  private volatile boolean closed;

  private Openat2Directory(LinuxCalls calls, Path path, int descriptor) {
    super(path);
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /** Opens a directory by its whole path. */
  static DirectoryHandle open(LinuxCalls calls, Path path) throws IOException {
    return new Openat2Directory(calls, path, calls.openDirectory(path));
  }

  @Override
  FileStatus stat(byte[] name) throws IOException {
    return calls.stat(descriptor(), name);
  }

  @Override
  boolean isReadable(byte[] name) throws IOException {
    return calls.isReadable(descriptor(), name);
  }

  @Override
  void visitNames(NameVisitor visitor) throws IOException {
    int readable = calls.openDirectory(descriptor(), ITSELF, LinuxCalls.READ);
    try {
      calls.visitNames(readable, visitor);
    } finally {
      calls.close(readable);
    }
  }

  @Override
  boolean hasNames() throws IOException {
    int readable = calls.openDirectory(descriptor(), ITSELF, LinuxCalls.READ);
    try {
      return calls.hasNames(readable);
    } finally {
      calls.close(readable);
    }
  }

  @Override
  DirectoryHandle directory(byte[] relative) throws IOException {
    return new Openat2Directory(
        calls, path(relative), calls.openDirectory(descriptor(), relative, LinuxCalls.PLACE));
  }

  /** Opens the file a second time through {@code /proc}, since the JDK takes no descriptors. */
  @Override
  FileChannel open(byte[] name, FileStatus expected) throws IOException {
    int file = openFile(name, expected);
    try {
      return FileChannel.open(LinuxCalls.reopenable(file), StandardOpenOption.READ);
    } finally {
      calls.close(file);
    }
  }

  @Override
  void readFully(byte[] name, FileStatus expected, byte[] into) throws IOException {
    int file = openFile(name, expected);
    try {
      calls.readFully(file, into);
    } finally {
      calls.close(file);
    }
  }

  private int openFile(byte[] name, FileStatus expected) throws IOException {
    int file = calls.openBeneath(descriptor(), name, LinuxCalls.READ);
    boolean isExpected = false;
    try {
      isExpected = calls.stat(file, ITSELF).isOfSameContent(expected);
    } finally {
      if (!isExpected) {
        calls.close(file);
      }
    }
    if (!isExpected) {
      throw new IOException("another file took its place");
    }
    return file;
  }

  /** Returns the number, which after the closing could be that of any other file. */
  private int descriptor() throws IOException {
    if (closed) {
      throw new IOException("the directory was closed");
    }
    return descriptor;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      calls.close(descriptor);
    }
  }
}
