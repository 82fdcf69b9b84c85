package org.lading.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;

/**
 * The stored form of a failure, {@link Packed}: code, sentence, index of the target plus 1 or 0,
 * whether there is a path, the path, whether there is an incident, the incident. Bytes, because the
 * path is a stranger's: PostgreSQL keeps no NUL in a text.
 */
final class FailureCodec {
  private static final int VERSION = 1;

  private FailureCodec() {}

  static byte @Nullable [] encode(@Nullable Failure failure) {
    if (failure == null) {
      return null;
    }
    Packed.Output out = new Packed.Output(VERSION);
    try {
      out.writeText(failure.code().name());
      out.writeText(failure.sentence());
      Integer index = failure.targetIndex();
      out.writeNumber(index == null ? 0 : index + 1L);
      writeOptional(out, failure.path());
      writeOptional(out, failure.incident());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.finish();
  }

  static @Nullable Failure decode(ResultSet row) throws SQLException {
    byte[] bytes = row.getBytes("failure");
    if (bytes == null) {
      return null;
    }
    Packed.Input in = new Packed.Input(VERSION, bytes);
    try {
      ErrorCode code = codeNamed(in.readText());
      String sentence = in.readText();
      long index = in.readNumber();
      return new Failure(
          code, sentence, index == 0 ? null : (int) index - 1, readOptional(in), readOptional(in));
    } catch (IOException e) {
      throw Packed.Input.damaged(e);
    }
  }

  /** A node of a later version may have written one that this one does not know. */
  private static ErrorCode codeNamed(String name) {
    return Stream.of(ErrorCode.values())
        .filter(code -> code.name().equals(name))
        .findFirst()
        .orElse(ErrorCode.INTERNAL);
  }

  private static void writeOptional(Packed.Output out, @Nullable String text) throws IOException {
    out.writeByte(text == null ? 0 : 1);
    if (text != null) {
      out.writeText(text);
    }
  }

  private static @Nullable String readOptional(Packed.Input in) throws IOException {
    return in.readByte() == 0 ? null : in.readText();
  }
}
