package org.lading.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** A large file without holes, on the disk and in the memory of the system. */
public final class LargeFile {
  private static final int BLOCK = 16 << 20;

  private LargeFile() {}

  /** Makes one of that many MiB, and the directories above it. */
  public static void make(Path file, int mebibytes) throws IOException {
    byte[] block = new byte[BLOCK];
    new Random(5).nextBytes(block);
    Files.createDirectories(file.getParent());
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long left = (long) mebibytes << 20; left > 0; ) {
        left -= out.write(ByteBuffer.wrap(block, 0, (int) Math.min(left, BLOCK)));
      }
      // Otherwise the system would still be writing while somebody is timed.
      out.force(true);
    }
  }
}
