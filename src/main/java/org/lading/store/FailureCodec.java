package org.lading.store;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;

/**
 * Encodes a failure for the database, and decodes it: code, sentence, index of the target plus 1 or
 * 0, whether there is a path, the path, whether there is an incident, the incident. The form is
 * bytes because a client chose the path, which may have a NUL: PostgreSQL stores none in a text.
 */
final class FailureCodec {
  private static final int USUAL_LENGTH = 256;

  private FailureCodec() {}

  static byte @Nullable [] encode(@Nullable Failure failure) {
    if (failure == null) {
      return null;
    }
    RecordOutput out = new RecordOutput(USUAL_LENGTH);
    out.writeText(failure.code().name());
    out.writeText(failure.sentence());
    Integer index = failure.targetIndex();
    out.writeNumber(index == null ? 0 : index + 1L);
    writeOptional(out, failure.path());
    writeOptional(out, failure.incident());
    return out.finish();
  }

  static @Nullable Failure decode(byte @Nullable [] stored) {
    if (stored == null) {
      return null;
    }
    RecordInput in = new RecordInput(stored, 0);
    ErrorCode code = codeNamed(in.readText());
    String sentence = in.readText();
    long index = in.readNumber();
    return new Failure(
        code, sentence, index == 0 ? null : (int) index - 1, readOptional(in), readOptional(in));
  }

  /**
   * Returns the code of a name, which may be unknown here: a node of a later version may have
   * written it.
   */
  private static ErrorCode codeNamed(String name) {
    return Stream.of(ErrorCode.values())
        .filter(code -> code.name().equals(name))
        .findFirst()
        .orElse(ErrorCode.INTERNAL);
  }

  private static void writeOptional(RecordOutput out, @Nullable String text) {
    out.writeByte(text == null ? 0 : 1);
    if (text != null) {
      out.writeText(text);
    }
  }

  private static @Nullable String readOptional(RecordInput in) {
    return in.readByte() == 0 ? null : in.readText();
  }
}
