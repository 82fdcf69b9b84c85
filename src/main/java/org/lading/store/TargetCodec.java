package org.lading.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Target;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.Target.LiteralTarget;

/**
 * The stored form of a run of targets, {@link Packed}.
 *
 * <p>A target is a byte for its kind with {@code FLAG_}s, its index, and then: root and path; for a
 * literal instead its name and content; its place in the archive, if it names one; the new name of
 * a file, if it has one.
 */
final class TargetCodec {
  private static final int VERSION = 1;

  private static final int KIND = 3;
  private static final int FILE = 0;
  private static final int DIRECTORY = 1;
  private static final int LITERAL = 2;
  private static final int FLAG_ZIP_PATH = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_RECURSIVE = 16;

  private TargetCodec() {}

  /** Collects the targets of one chunk. */
  static final class Encoder {
    private final Packed.Output out = new Packed.Output(VERSION);
    private int count;

    void add(Target target) {
      try {
        write(target);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      count++;
    }

    int count() {
      return count;
    }

    /** The size before compression, in bytes. */
    int plainBytes() {
      return out.plainBytes();
    }

    /** The chunk; the encoder is then empty again. */
    byte[] finish() {
      count = 0;
      return out.finish();
    }

    private void write(Target target) throws IOException {
      String zipPath = target.zipPath();
      int flags = zipPath == null ? 0 : FLAG_ZIP_PATH;
      String name = null;
      if (target instanceof FileTarget file) {
        name = file.name();
        begin(FILE | flags | (name == null ? 0 : FLAG_NAME), target, file.root(), file.path());
      } else if (target instanceof DirectoryTarget directory) {
        int recursive = directory.recursive() ? FLAG_RECURSIVE : 0;
        begin(DIRECTORY | flags | recursive, target, directory.root(), directory.path());
      } else if (target instanceof LiteralTarget literal) {
        begin(LITERAL | flags, target, literal.name(), literal.content());
      }
      if (zipPath != null) {
        out.writeText(zipPath);
      }
      if (name != null) {
        out.writeText(name);
      }
    }

    private void begin(int flags, Target target, String first, String second) throws IOException {
      out.writeByte(flags);
      out.writeNumber(target.index());
      out.writeText(first);
      out.writeText(second);
    }
  }

  /** Reads the targets of one chunk; the caller knows how many there are. */
  static final class Decoder {
    private final Packed.Input in;

    Decoder(byte[] chunk) {
      this.in = new Packed.Input(VERSION, chunk);
    }

    Target next() {
      try {
        return read();
      } catch (IOException e) {
        throw Packed.Input.damaged(e);
      }
    }

    private Target read() throws IOException {
      int flags = in.readByte();
      int index = (int) in.readNumber();
      String first = in.readText();
      String second = in.readText();
      String zipPath = textIf(flags, FLAG_ZIP_PATH);
      return switch (flags & KIND) {
        case FILE -> new FileTarget(index, first, second, zipPath, textIf(flags, FLAG_NAME));
        case DIRECTORY ->
            new DirectoryTarget(index, first, second, zipPath, (flags & FLAG_RECURSIVE) != 0);
        case LITERAL -> new LiteralTarget(index, first, second, zipPath);
        default -> throw new IOException("a target of the unknown kind " + (flags & KIND));
      };
    }

    private @Nullable String textIf(int flags, int flag) throws IOException {
      return (flags & flag) != 0 ? in.readText() : null;
    }
  }
}
