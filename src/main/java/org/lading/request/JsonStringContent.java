package org.lading.request;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.LiteralContent;

/**
 * A string of a JSON body in UTF-8, read from the body itself: the parser would hold it in memory
 * as a whole. The parser has skipped it, so that it is well-formed JSON.
 */
final class JsonStringContent implements LiteralContent {
  private static final int BUFFER_CHARS = 8192;
  private static final int HEX = 16;
  private static final int HEX_DIGITS = 4;
  private static final long UNKNOWN = -1;

  private final BodySource body;
  private final long position;
  private long length = UNKNOWN;

  /**
   * Makes the content of a string.
   *
   * @param position the position of its quotation mark in the body
   */
  JsonStringContent(BodySource body, long position) {
    this.body = body;
    this.position = position;
  }

  /**
   * Returns the number of bytes.
   *
   * @throws LadingException {@code UNPARSEABLE} if the string is not valid Unicode
   */
  @Override
  public long length() throws IOException {
    if (length == UNKNOWN) {
      CountingOutputStream counting = new CountingOutputStream();
      writeTo(counting);
      length = counting.count;
    }
    return length;
  }

  /** Sets the length that was found before. */
  void setLength(long found) {
    length = found;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Reader in = new InputStreamReader(body.open(position + 1), StandardCharsets.UTF_8.newDecoder());
    try (Writer utf8 =
        new OutputStreamWriter(new Unclosed(out), StandardCharsets.UTF_8.newEncoder())) {
      new Unescaper(in).copyTo(utf8);
    } catch (CharacterCodingException e) {
      throw new LadingException(
          ErrorCode.UNPARSEABLE, "A content is not UTF-8, or has half a surrogate pair", e);
    }
  }

  /** Reads a string up to its closing quotation mark. */
  private static final class Unescaper {
    private final Reader in;
    private final char[] buffer = new char[BUFFER_CHARS];
    private int next;
    private int end;

    Unescaper(Reader in) {
      this.in = in;
    }

    void copyTo(Writer out) throws IOException {
      int c = read();
      while (c != '"') {
        if (c == '\\') {
          out.write(escaped());
        } else {
          next--;
          int from = next;
          while (next < end && buffer[next] != '"' && buffer[next] != '\\') {
            next++;
          }
          out.write(buffer, from, next - from);
        }
        c = read();
      }
    }

    private int escaped() throws IOException {
      int c = read();
      return switch (c) {
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'u' -> hex();
        default -> c;
      };
    }

    private int hex() throws IOException {
      int value = 0;
      for (int i = 0; i < HEX_DIGITS; i++) {
        value = value * HEX + Character.digit(read(), HEX);
      }
      return value;
    }

    private int read() throws IOException {
      if (next == end) {
        next = 0;
        end = in.read(buffer);
        if (end < 0) {
          throw new IllegalStateException("a string without end, which the parser accepted");
        }
      }
      return buffer[next++];
    }
  }

  private static final class CountingOutputStream extends OutputStream {
    private long count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      count += length;
    }
  }

  /** Passes bytes on to a stream that outlives this one. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() {
      // Its owner closes the stream; this one has no buffer.
    }
  }
}
