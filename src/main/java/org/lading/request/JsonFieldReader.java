package org.lading.request;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.base.UnicodeCheck;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.LiteralContent;

/** Reads values of a request, and reports faults with line and column. */
class JsonFieldReader {
  /**
   * The maximum length of a string besides the content of a literal, in chars: that of a name in an
   * archive, which is longer than any path.
   */
  static final int MAX_STRING_CHARS = 65_535;

  private static final int MAX_SKIPPED_TOKENS = 10_000;

  private final JsonParser parser;

  JsonFieldReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Returns the string at the parser's token, or null for JSON's null. */
  @Nullable String string(String field) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw fault(field + " must be a string");
    }
    String value = text(field);
    if (!UnicodeCheck.isValid(value)) {
      throw fault(field + " has half a surrogate pair");
    }
    return value;
  }

  /**
   * Returns the string at the parser's token, or null for JSON's null and the empty string. One
   * with a control character, or of more than {@code maxChars} characters, is a fault.
   */
  @Nullable String line(String field, int maxChars) throws IOException {
    String value = string(field);
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.length() > maxChars) {
      throw fault(field + " has more than " + maxChars + " characters");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw fault(field + " has a control character");
    }
    return value;
  }

  private String text(String field) throws IOException {
    try {
      return parser.getText();
    } catch (StreamConstraintsException e) {
      throw fault(field + " has more than " + MAX_STRING_CHARS + " characters");
    }
  }

  /**
   * Returns the text at the parser's token, or null for JSON's null. The parser does not read a
   * string, but skips it.
   */
  @Nullable LiteralContent content(String field, BodySource body) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw fault(field + " must be a string");
    }
    return new JsonStringContent(body, parser.currentTokenLocation().getByteOffset());
  }

  /**
   * Takes a field that nothing is known of.
   *
   * @param owner what has no such field
   */
  void unknown(String field, String owner) throws IOException {
    throw fault(field + " is not a field of a " + owner);
  }

  /**
   * Skips the value at the parser's token, of any kind but of at most 10,000 tokens, since the
   * parser holds the names of an object's fields in memory.
   */
  void skip(String field) throws IOException {
    int depth = 0;
    for (int tokens = 1; tokens <= MAX_SKIPPED_TOKENS; tokens++) {
      depth += parser.currentToken().isStructStart() ? 1 : 0;
      depth -= parser.currentToken().isStructEnd() ? 1 : 0;
      if (depth == 0) {
        return;
      }
      parser.nextToken();
    }
    throw fault(field + " has too many parts");
  }

  /** Returns the boolean at the parser's token, or false for JSON's null. */
  boolean flag(String field) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw fault(field + " must be true or false");
    };
  }

  /**
   * Returns the positive number at the parser's token, capped at {@link Long#MAX_VALUE}, or null
   * for JSON's null.
   */
  @Nullable Long positive(String field) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw fault(field + " must be a whole number");
    }
    BigInteger value = parser.getBigIntegerValue();
    if (value.signum() <= 0) {
      throw fault(field + " must be at least 1");
    }
    return value.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
  }

  /** Throws {@code UNPARSEABLE} unless the parser is at the given token. */
  void require(JsonToken token, String sentence) {
    if (parser.currentToken() != token) {
      throw fault(sentence);
    }
  }

  /** Makes an {@code UNPARSEABLE} exception that names line and column. */
  LadingException fault(String sentence) {
    JsonLocation at = parser.currentTokenLocation();
    return new LadingException(
        ErrorCode.UNPARSEABLE,
        PrintableText.of(sentence)
            + " (line "
            + at.getLineNr()
            + ", column "
            + at.getColumnNr()
            + ")");
  }
}
