package org.lading.store;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.LiteralContent;
import org.lading.manifest.Target;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.Target.LiteralTarget;
import org.lading.manifest.Target.PathTarget;

/**
 * Encodes targets as one stream, since a literal may be of any length, and decodes them: numbers
 * have 32 bits, and each text, in UTF-8, follows its length in bytes.
 *
 * <p>A target is a byte for its kind with {@code FLAG_}s, its index, and then: root and path; for a
 * literal instead its name; its place in the archive, if it names one; the new name of a file, if
 * it has one; the content of a literal, whose length has 64 bits. After the last target comes the
 * kind {@code END}.
 */
final class TargetCodec {
  private static final int KIND = 3;
  private static final int FILE = 0;
  private static final int DIRECTORY = 1;
  private static final int LITERAL = 2;
  private static final int END = 3;
  private static final int FLAG_ZIP_PATH = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_RECURSIVE = 16;

  /** Makes of a directory whatever lies at its path. */
  private static final int FLAG_ANY = 32;

  private static final int FLAG_OMIT = 64;
  private static final int FLAG_REFUSE = 128;

  private TargetCodec() {}

  static void write(DataOutputStream out, Target target) throws IOException {
    String zipPath = target.zipPath();
    int flags = zipPath == null ? 0 : FLAG_ZIP_PATH;
    String name = null;
    if (target instanceof FileTarget file) {
      name = file.name();
      flags |= FILE | (name == null ? 0 : FLAG_NAME);
      begin(out, flags, target);
      writeText(out, file.root());
      writeText(out, file.path());
    } else if (target instanceof DirectoryTarget directory) {
      flags |= DIRECTORY | (directory.recursive() ? FLAG_RECURSIVE : 0) | flagOf(directory);
      begin(out, flags, target);
      writeText(out, directory.root());
      writeText(out, directory.path());
    } else if (target instanceof PathTarget any) {
      begin(out, flags | DIRECTORY | FLAG_ANY, target);
      writeText(out, any.root());
      writeText(out, any.path());
    } else if (target instanceof LiteralTarget literal) {
      begin(out, flags | LITERAL, target);
      writeText(out, literal.name());
    }
    if (zipPath != null) {
      writeText(out, zipPath);
    }
    if (name != null) {
      writeText(out, name);
    }
    if (target instanceof LiteralTarget literal) {
      out.writeLong(literal.content().length());
      literal.content().writeTo(out);
    }
  }

  static void writeEnd(DataOutputStream out) throws IOException {
    out.writeByte(END);
  }

  /**
   * Reads the next target, or returns null at the end. The content of a literal is still in the
   * stream: {@link StoredContent#skip} must be called before the next target is read.
   */
  static @Nullable Target read(DataInputStream in) throws IOException {
    int flags = in.readUnsignedByte();
    if ((flags & KIND) == END) {
      return null;
    }
    int index = in.readInt();
    String first = readText(in);
    if ((flags & KIND) == LITERAL) {
      String zipPath = textIf(in, flags, FLAG_ZIP_PATH);
      return new LiteralTarget(index, first, new StoredContent(in, in.readLong()), zipPath);
    }
    String path = readText(in);
    if ((flags & FLAG_ANY) != 0) {
      return new PathTarget(index, first, path);
    }
    String zipPath = textIf(in, flags, FLAG_ZIP_PATH);
    return (flags & KIND) == FILE
        ? new FileTarget(index, first, path, zipPath, textIf(in, flags, FLAG_NAME))
        : directory(
            new DirectoryTarget(index, first, path, zipPath, (flags & FLAG_RECURSIVE) != 0), flags);
  }

  private static int flagOf(DirectoryTarget directory) {
    Boolean omits = directory.omits();
    if (omits == null) {
      return 0;
    }
    return omits ? FLAG_OMIT : FLAG_REFUSE;
  }

  private static DirectoryTarget directory(DirectoryTarget directory, int flags) {
    return (flags & (FLAG_OMIT | FLAG_REFUSE)) == 0
        ? directory
        : directory.omitting((flags & FLAG_OMIT) != 0);
  }

  /** A content that is read from the stream of the targets, once. */
  static final class StoredContent implements LiteralContent {
    private static final int BUFFER_BYTES = 8192;

    private final InputStream in;
    private final long length;
    private long rest;

    StoredContent(InputStream in, long length) {
      this.in = in;
      this.length = length;
      this.rest = length;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      if (rest != length) {
        throw new IllegalStateException("the content was read");
      }
      byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, rest)];
      while (rest > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
        if (count < 0) {
          throw new EOFException();
        }
        rest -= count;
        out.write(buffer, 0, count);
      }
    }

    /** Moves the stream to the end of the content. */
    void skip() throws IOException {
      in.skipNBytes(rest);
      rest = 0;
    }
  }

  private static void begin(DataOutputStream out, int flags, Target target) throws IOException {
    out.writeByte(flags);
    out.writeInt(target.index());
  }

  private static @Nullable String textIf(DataInputStream in, int flags, int flag)
      throws IOException {
    return (flags & flag) != 0 ? readText(in) : null;
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] utf8 = new byte[in.readInt()];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
