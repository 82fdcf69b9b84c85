package org.lading.root.s3;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.Supplier;
import org.lading.error.LadingException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The body of one answer: the bytes of an object between two positions. For one thread. */
final class ObjectBody {
  private static final int SKIP_BYTES = 64 * 1024;

  private final ResponseInputStream<GetObjectResponse> answer;
  private final long end;
  private final boolean endsByItself;
  private final Supplier<LadingException> tooLong;
  private long position;

  /**
   * Makes a body.
   *
   * @param position of the first byte in the object
   * @param end the position after the last byte
   * @param endsByItself whether only the end of the body tells that this is the end of the object,
   *     since no header told its length
   * @param tooLong makes the exception for a body that goes on beyond that
   */
  ObjectBody(
      ResponseInputStream<GetObjectResponse> answer,
      long position,
      long end,
      boolean endsByItself,
      Supplier<LadingException> tooLong) {
    this.answer = answer;
    this.position = position;
    this.end = end;
    this.endsByItself = endsByItself;
    this.tooLong = tooLong;
  }

  /** Tells whether the byte at a position is still to come, perhaps after others. */
  boolean has(long wanted) {
    return position <= wanted && wanted < end;
  }

  /** Returns the answer. */
  ResponseInputStream<GetObjectResponse> answer() {
    return answer;
  }

  /**
   * Reads at least one byte, from a position on that this body {@link #has}. Fails with {@code
   * EOFException} if the body ends before, and before it hands out the last byte if the body does
   * not end after it.
   */
  int read(long wanted, byte[] buffer, int start, int length) throws IOException {
    skipTo(wanted);
    int read = answer.read(buffer, start, (int) Math.min(length, end - position));
    if (read < 0) {
      throw new EOFException("the body ended early");
    }
    if (endsByItself && position + read == end && answer.read() >= 0) {
      throw tooLong.get();
    }
    position += read;
    return read;
  }

  private void skipTo(long wanted) throws IOException {
    byte[] skipped = position < wanted ? new byte[SKIP_BYTES] : new byte[0];
    while (position < wanted) {
      int read = answer.read(skipped, 0, (int) Math.min(skipped.length, wanted - position));
      if (read < 0) {
        throw new EOFException("the body ended early");
      }
      position += read;
    }
  }

  /** Returns the connection to the pool if all bytes were read; otherwise closes it. */
  void release() throws IOException {
    if (position == end) {
      answer.close();
    } else {
      // To close it would read the rest of the body.
      answer.abort();
    }
  }

  /** Closes the connection. */
  void abort() {
    answer.abort();
  }
}
