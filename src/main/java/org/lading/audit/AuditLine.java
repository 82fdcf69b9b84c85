package org.lading.audit;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object without a line break, of at most {@link #MAX_BYTES}. Texts are cut where they are
 * longer than their field may be, and half a pair of surrogates is replaced.
 */
final class AuditLine {
  /** The maximum number of bytes of a line, its break included: the sum of those of its fields. */
  static final int MAX_BYTES = 4096;

  /** The maximum number of bytes of a text whose field has no other one. */
  static final int MAX_SHORT_BYTES = 256;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
  private static final String CUT = "...";
  private static final char REPLACEMENT = '\ufffd';
  private static final int USUAL_CHARS = 512;

  private final StringBuilder out = new StringBuilder(USUAL_CHARS);
  private final Set<String> leftOut;

  /**
   * Begins a line.
   *
   * @param leftOut the names of fields that are not written
   */
  AuditLine(Instant time, String event, Set<String> leftOut) {
    this.leftOut = leftOut;
    out.append("{\"time\":\"");
    TIME.formatTo(time, out);
    out.append("\",\"event\":\"").append(event).append('"');
  }

  /** Adds a text of at most {@link #MAX_SHORT_BYTES}, unless it is null or empty. */
  AuditLine text(String field, @Nullable String value) {
    return text(field, value, MAX_SHORT_BYTES);
  }

  /**
   * Adds a text, unless it is null or empty.
   *
   * @param maxBytes the maximum number of bytes of its value in the line
   */
  AuditLine text(String field, @Nullable String value, int maxBytes) {
    if (value != null && !value.isEmpty() && !leftOut.contains(field)) {
      name(field);
      quoted(value, maxBytes);
    }
    return this;
  }

  /**
   * Adds a list of texts, as many as there is room for.
   *
   * @param maxBytes the maximum number of bytes of the list in the line
   */
  AuditLine texts(String field, Collection<String> values, int maxBytes) {
    if (values.isEmpty() || leftOut.contains(field)) {
      return this;
    }
    name(field);
    out.append('[');
    int end = out.length() + maxBytes;
    String separator = "";
    for (String value : values) {
      if (out.length() + value.length() * 3 + 4 > end) {
        break;
      }
      out.append(separator);
      quoted(value, maxBytes);
      separator = ",";
    }
    out.append(']');
    return this;
  }

  /** Adds a number. */
  AuditLine number(String field, long value) {
    name(field);
    out.append(value);
    return this;
  }

  /** Adds a number, unless it is negative: then it is not known. */
  AuditLine numberIfKnown(String field, long value) {
    return value < 0 ? this : number(field, value);
  }

  /** Adds true or false. */
  AuditLine flag(String field, boolean value) {
    name(field);
    out.append(value);
    return this;
  }

  /** Returns the line without a break at its end. */
  String end() {
    return out.append('}').toString();
  }

  private void name(String field) {
    out.append(",\"").append(field).append("\":");
  }

  private void quoted(String value, int maxBytes) {
    out.append('"');
    int bytes = 0;
    int keep = out.length();
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      int before = out.length();
      bytes += append(c, before);
      if (bytes > maxBytes) {
        out.setLength(keep);
        out.append(CUT);
        break;
      }
      if (bytes <= maxBytes - CUT.length()) {
        keep = out.length();
      }
    }
    out.append('"');
  }

  /** Appends a character as JSON has it, and returns the number of its bytes in UTF-8. */
  private int append(int c, int before) {
    if (c == '"' || c == '\\') {
      out.append('\\').append((char) c);
    } else if (isEscaped(c)) {
      out.append("\\u");
      for (int shift = 12; shift >= 0; shift -= 4) {
        out.append(Character.forDigit((c >> shift) & 0xf, 16));
      }
    } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      out.append(REPLACEMENT);
      return 3;
    } else {
      out.appendCodePoint(c);
      return utf8Length(c);
    }
    return out.length() - before;
  }

  /** Returns whether a character ends a line for some programs, or is a control character. */
  private static boolean isEscaped(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  private static int utf8Length(int c) {
    if (c < 0x80) {
      return 1;
    }
    if (c < 0x800) {
      return 2;
    }
    return Character.isBmpCodePoint(c) ? 3 : 4;
  }
}
