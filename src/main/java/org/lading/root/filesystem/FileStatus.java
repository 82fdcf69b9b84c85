package org.lading.root.filesystem;

import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a file, a directory or a link when it was looked at.
 *
 * <p>No record: for the {@code equals} of records the JDK keeps the class loader alive.
 */
final class FileStatus {
  private static final int NANOS_PER_MILLI = 1_000_000;

  private static final Set<PosixFilePermission> READ_BY_ALL =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OTHERS_READ);

  /** The kinds of what a directory has in it. */
  enum Kind {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    LINK,
    /** A pipe, a socket or a device. */
    SPECIAL
  }

  private final Kind kind;
  private final boolean readableByAll;
  private final @Nullable Object key;
  private final long size;
  private final long modifiedSeconds;
  private final int modifiedNanos;

  /**
   * Takes the attributes as a system call returned them.
   *
   * @param key what distinguishes it from every other file, such as its device and inode
   * @param modifiedSeconds the modification time, in seconds since 1970
   * @param modifiedNanos the rest of the modification time, in nanoseconds
   */
  FileStatus(
      Kind kind,
      boolean readableByAll,
      @Nullable Object key,
      long size,
      long modifiedSeconds,
      int modifiedNanos) {
    this.kind = kind;
    this.readableByAll = readableByAll;
    this.key = key;
    this.size = size;
    this.modifiedSeconds = modifiedSeconds;
    this.modifiedNanos = modifiedNanos;
  }

  /** Takes the attributes that the JDK read. */
  static FileStatus of(PosixFileAttributes attributes) {
    Instant modified = attributes.lastModifiedTime().toInstant();
    return new FileStatus(
        kind(attributes),
        attributes.permissions().containsAll(READ_BY_ALL),
        attributes.fileKey(),
        attributes.size(),
        modified.getEpochSecond(),
        modified.getNano());
  }

  private static Kind kind(PosixFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return Kind.FILE;
    }
    if (attributes.isDirectory()) {
      return Kind.DIRECTORY;
    }
    return attributes.isSymbolicLink() ? Kind.LINK : Kind.SPECIAL;
  }

  /** Returns what it is. */
  Kind kind() {
    return kind;
  }

  boolean isFile() {
    return kind == Kind.FILE;
  }

  boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  boolean isLink() {
    return kind == Kind.LINK;
  }

  /** Tells whether the modes let everybody read it. */
  boolean isReadableByAll() {
    return readableByAll;
  }

  /** Returns what distinguishes it from every other file that exists at the same time. */
  @Nullable Object key() {
    return key;
  }

  /** Returns the size in bytes. */
  long size() {
    return size;
  }

  /** Returns the modification time in whole milliseconds, which every database keeps exactly. */
  Instant modified() {
    return Instant.ofEpochSecond(modifiedSeconds, modifiedNanos - modifiedNanos % NANOS_PER_MILLI);
  }

  /** Tells whether the other one is of the same file or directory, whatever happened to it. */
  boolean isOfSame(FileStatus other) {
    return kind == other.kind && Objects.equals(key, other.key);
  }

  /** Tells whether the other one is of the same file, and that has the same size and time. */
  boolean isOfSameContent(FileStatus other) {
    return isOfSame(other)
        && size == other.size
        && modifiedSeconds == other.modifiedSeconds
        && modifiedNanos == other.modifiedNanos;
  }

  /** Tells whether it is a file of this size and, to the millisecond, this modification time. */
  boolean isUnchanged(long wantedSize, Instant wantedModified) {
    return isFile()
        && size == wantedSize
        && modifiedSeconds == wantedModified.getEpochSecond()
        && modifiedNanos / NANOS_PER_MILLI == wantedModified.getNano() / NANOS_PER_MILLI;
  }
}
