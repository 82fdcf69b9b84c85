package org.lading.root.filesystem;

/**
 * Functions of the C library, to which {@link LinuxCallsLoader} links these methods. The first
 * argument of {@code syscall} is the number of the system call.
 */
final class Libc {
  private Libc() {}

  /** Calls {@code openat2}. */
  static native long syscall(long number, long directory, byte[] path, byte[] how, long size);

  /** Calls {@code statx}. */
  static native long syscall(
      long number, long directory, byte[] path, long flags, long mask, byte[] answer);

  /** Calls {@code faccessat2}. */
  static native long syscall(long number, long directory, byte[] path, long mode, long flags);

  /** Calls {@code getdents64}. */
  static native long syscall(long number, long directory, byte[] buffer, long size);

  /** Reads from a descriptor. */
  static native long read(int file, byte[] into, long length);

  /** Closes a descriptor. */
  static native int close(int file);
}
