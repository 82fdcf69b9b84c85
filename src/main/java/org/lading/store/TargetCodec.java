package org.lading.store;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Target;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.Target.LiteralTarget;

/**
 * Encodes targets as one stream, since a literal may be of any length, and decodes them: numbers
 * have 32 bits, and each text, in UTF-8, follows its length in bytes.
 *
 * <p>A target is a byte for its kind with {@code FLAG_}s, its index, and then: root and path; for a
 * literal instead its name and content; its place in the archive, if it names one; the new name of
 * a file, if it has one. After the last one comes the kind {@code END}.
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

  private TargetCodec() {}

  static void write(DataOutputStream out, Target target) throws IOException {
    String zipPath = target.zipPath();
    int flags = zipPath == null ? 0 : FLAG_ZIP_PATH;
    String name = null;
    if (target instanceof FileTarget file) {
      name = file.name();
      flags |= FILE | (name == null ? 0 : FLAG_NAME);
      begin(out, flags, target, file.root(), file.path());
    } else if (target instanceof DirectoryTarget directory) {
      flags |= DIRECTORY | (directory.recursive() ? FLAG_RECURSIVE : 0);
      begin(out, flags, target, directory.root(), directory.path());
    } else if (target instanceof LiteralTarget literal) {
      begin(out, flags | LITERAL, target, literal.name(), literal.content());
    }
    if (zipPath != null) {
      writeText(out, zipPath);
    }
    if (name != null) {
      writeText(out, name);
    }
  }

  static void writeEnd(DataOutputStream out) throws IOException {
    out.writeByte(END);
  }

  /** Reads the next target, or returns null at the end. */
  static @Nullable Target read(DataInputStream in) throws IOException {
    int flags = in.readUnsignedByte();
    if ((flags & KIND) == END) {
      return null;
    }
    int index = in.readInt();
    String first = readText(in);
    String second = readText(in);
    String zipPath = textIf(in, flags, FLAG_ZIP_PATH);
    return switch (flags & KIND) {
      case FILE -> new FileTarget(index, first, second, zipPath, textIf(in, flags, FLAG_NAME));
      case DIRECTORY ->
          new DirectoryTarget(index, first, second, zipPath, (flags & FLAG_RECURSIVE) != 0);
      default -> new LiteralTarget(index, first, second, zipPath);
    };
  }

  private static void begin(
      DataOutputStream out, int flags, Target target, String first, String second)
      throws IOException {
    out.writeByte(flags);
    out.writeInt(target.index());
    writeText(out, first);
    writeText(out, second);
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
