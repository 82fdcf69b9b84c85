package org.lading.root.filesystem;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lading.root.filesystem.DirectoryHandle.NameVisitor;

/**
 * Makes the system calls of Linux that the JDK lacks: {@code openat2}, which resolves a whole path
 * below an open directory without following a link, and can open without waiting; and those that
 * work on what it opened. See openat2(2), statx(2), getdents64(2), faccessat2(2).
 */
final class LinuxCalls {
  /** Opens for reading; never waits for the writer of a pipe, nor for the holder of a lease. */
  static final int READ = 0x800 | 0x100; // O_RDONLY, O_NONBLOCK, O_NOCTTY

  /** Opens a place in the file system, whose content cannot be read: no permission is needed. */
  static final int PLACE = 0x200000; // O_PATH

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final long RESOLVE_NO_MAGICLINKS = 2;
  private static final long RESOLVE_NO_SYMLINKS = 4;
  private static final long RESOLVE_BENEATH = 8;

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EACCESS = 0x200;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BYTES = 256;
  private static final int R_OK = 4;

  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int ENOTDIR = 20;
  private static final int EXDEV = 18;
  private static final int ELOOP = 40;

  /** How often and after how long an open that a lease holds up is tried again. */
  private static final int MAX_TRIES = 100;

  private static final long TRY_AGAIN_MILLIS = 10;

  private static final int NAMES_BUFFER_BYTES = 32 * 1024;
  private static final int NAME_OFFSET = 19;

  private static final byte[] NOTHING = {0};
  private static final byte[] SELF = {'.', 0};

  private final long statx;
  private final long getdents64;
  private final int directoryFlag;

  /** The numbers that differ between architectures. */
  private LinuxCalls(long statx, long getdents64, int directoryFlag) {
    this.statx = statx;
    this.getdents64 = getdents64;
    this.directoryFlag = directoryFlag;
  }

  /** Returns the calls of an architecture of Linux, or null of another one. */
  static @Nullable LinuxCalls of(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> new LinuxCalls(332, 217, 0x10000);
      case "aarch64" -> new LinuxCalls(291, 61, 0x4000);
      default -> null;
    };
  }

  /** Opens a directory by its whole path, following links. */
  int openDirectory(Path path) throws IOException {
    byte[] bytes = NativePaths.bytes(path);
    return open(AT_FDCWD, terminated(bytes), how(PLACE | directoryFlag, 0), bytes);
  }

  /** Opens a directory below an open one. */
  int openDirectory(int directory, byte[] relative, int access) throws IOException {
    return openBeneath(directory, relative, access | directoryFlag);
  }

  /** Opens what is at a path below an open directory. */
  int openBeneath(int directory, byte[] relative, int access) throws IOException {
    long resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    byte[] path = relative.length == 0 ? SELF : terminated(relative);
    return open(directory, path, how(access, resolve), relative);
  }

  private static byte[] how(long flags, long resolve) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.nativeOrder())
        .putLong(flags | CLOSE_ON_EXEC)
        .putLong(0)
        .putLong(resolve)
        .array();
  }

  private static int open(int directory, byte[] path, byte[] how, byte[] named) throws IOException {
    int tries = 0;
    while (true) {
      int opened = (int) Libc.syscall(437, directory, path, how, how.length);
      if (opened >= 0) {
        return opened;
      }
      int error = Native.getLastError();
      tries++;
      if ((error != EAGAIN && error != EINTR) || tries == MAX_TRIES) {
        throw failure(named, error);
      }
      if (error == EAGAIN) {
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(TRY_AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  /** Reads the attributes of a name in an open directory; of the empty name, its own. */
  FileStatus stat(int opened, byte[] name) throws IOException {
    byte[] path = name.length == 0 ? NOTHING : terminated(name);
    int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (name.length == 0 ? AT_EMPTY_PATH : 0);
    byte[] answer = new byte[STATX_BYTES];
    if (Libc.syscall(statx, opened, path, flags, STATX_BASIC_STATS, answer) != 0) {
      throw failure(name, Native.getLastError());
    }
    ByteBuffer fields = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
    int mode = fields.getShort(28);
    return new FileStatus(
        kind(mode),
        (mode & 0444) == 0444,
        new InodeKey(fields.getLong(136), fields.getLong(32)),
        fields.getLong(40),
        fields.getLong(112),
        fields.getInt(120));
  }

  private static FileStatus.Kind kind(int mode) {
    return switch (mode & 0xf000) {
      case 0x8000 -> FileStatus.Kind.FILE;
      case 0x4000 -> FileStatus.Kind.DIRECTORY;
      case 0xa000 -> FileStatus.Kind.LINK;
      default -> FileStatus.Kind.SPECIAL;
    };
  }

  /** Tells whether this process may read the file of a name, which is no link. */
  boolean isReadable(int directory, byte[] name) throws IOException {
    int flags = AT_SYMLINK_NOFOLLOW | AT_EACCESS | (name.length == 0 ? AT_EMPTY_PATH : 0);
    byte[] path = terminated(name);
    if (Libc.syscall(439, directory, path, R_OK, flags) == 0) {
      return true;
    }
    int error = Native.getLastError();
    if (error == EACCES) {
      return false;
    }
    if (error == ENOENT) {
      throw failure(name, error);
    }
    // Linux before 5.8 does not have the call, and some containers forbid it.
    try {
      close(openBeneath(directory, name, READ));
      return true;
    } catch (AccessDeniedException e) {
      return false;
    }
  }

  /**
   * Hands over the names in a directory that is open for reading, except {@code .} and {@code ..}.
   */
  void visitNames(int directory, NameVisitor visitor) throws IOException {
    byte[] buffer = new byte[NAMES_BUFFER_BYTES];
    while (visitNames(directory, buffer, visitor)) {}
  }

  /** Tells whether a directory that is open for reading has any name in it. */
  boolean hasNames(int directory) throws IOException {
    boolean[] hasName = new boolean[1];
    byte[] buffer = new byte[1024];
    while (!hasName[0] && visitNames(directory, buffer, (name, kind) -> hasName[0] = true)) {}
    return hasName[0];
  }

  /** Hands over the names of one system call; returns whether there may be more. */
  private boolean visitNames(int directory, byte[] buffer, NameVisitor visitor) throws IOException {
    int filled = (int) Libc.syscall(getdents64, directory, buffer, buffer.length);
    if (filled < 0) {
      throw failure(NOTHING, Native.getLastError());
    }
    ByteBuffer fields = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
    for (int at = 0; at < filled; at += Short.toUnsignedInt(fields.getShort(at + 16))) {
      int begin = at + NAME_OFFSET;
      int end = begin;
      while (buffer[end] != 0) {
        end++;
      }
      boolean isDots =
          buffer[begin] == '.'
              && (end == begin + 1 || (end == begin + 2 && buffer[begin + 1] == '.'));
      if (!isDots) {
        visitor.visit(Arrays.copyOfRange(buffer, begin, end), kindOfEntry(buffer[at + 18]));
      }
    }
    return filled > 0;
  }

  /** Returns the kind that a directory tells of a name; some file systems tell none. */
  private static FileStatus.@Nullable Kind kindOfEntry(byte type) {
    return switch (type) {
      case 0 -> null;
      case 4 -> FileStatus.Kind.DIRECTORY;
      case 8 -> FileStatus.Kind.FILE;
      case 10 -> FileStatus.Kind.LINK;
      default -> FileStatus.Kind.SPECIAL;
    };
  }

  /** Reads all bytes of a file; {@link WrongSizeException} if the array takes more or fewer. */
  void readFully(int file, byte[] into) throws IOException {
    for (int done = 0; done < into.length; ) {
      byte[] part = done == 0 ? into : new byte[into.length - done];
      int read = read(file, part);
      if (read == 0) {
        throw new WrongSizeException(true);
      }
      if (part != into) {
        System.arraycopy(part, 0, into, done, read);
      }
      done += read;
    }
    if (read(file, new byte[1]) > 0) {
      throw new WrongSizeException(false);
    }
  }

  private static int read(int file, byte[] into) throws IOException {
    int read = -1;
    while (read < 0) {
      read = (int) Libc.read(file, into, into.length);
      if (read < 0 && Native.getLastError() != EINTR) {
        throw failure(NOTHING, Native.getLastError());
      }
    }
    return read;
  }

  /** Closes what was opened here; once, since the number then belongs to another file. */
  void close(int opened) {
    Libc.close(opened);
  }

  /** Returns the path by which this process can open again what it has open. */
  static Path reopenable(int opened) {
    return Path.of("/proc/self/fd/" + opened);
  }

  private static byte[] terminated(byte[] path) {
    return Arrays.copyOf(path, path.length + 1);
  }

  private static IOException failure(byte[] path, int error) {
    String named = new String(path, StandardCharsets.UTF_8);
    return switch (error) {
      case ENOENT -> new NoSuchFileException(named);
      case ENOTDIR -> new NotDirectoryException(named);
      case EACCES, EPERM -> new AccessDeniedException(named);
      case ELOOP, EXDEV -> new FileSystemLoopException(named);
      default -> new FileSystemException(named, null, "system error " + error);
    };
  }

  /** Finds out whether the system lets these calls through; fails if not. */
  void probe() throws IOException {
    int top = openDirectory(Path.of("/"));
    try {
      int again = openDirectory(top, new byte[0], READ);
      try {
        if (!stat(again, new byte[0]).isDirectory() || !hasNames(again)) {
          throw new IOException("statx or getdents64 does not work");
        }
        Files.readAttributes(reopenable(again), BasicFileAttributes.class);
      } finally {
        close(again);
      }
    } finally {
      close(top);
    }
  }

  /** The device and inode of a file. */
  private static final class InodeKey {
    private final long device;
    private final long inode;

    InodeKey(long device, long inode) {
      this.device = device;
      this.inode = inode;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof InodeKey key && device == key.device && inode == key.inode;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(inode * 31 + device);
    }
  }
}
