package org.lading.api.create;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Reads single values of a request, and says where one is at fault. */
final class JsonFieldReader {
  private static final int MAX_SKIPPED = 10_000;

  private final JsonParser parser;
  private final CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();

  JsonFieldReader(JsonParser parser) {
    this.parser = parser;
  }

  /** The string at the parser's token; null for JSON's null. */
  @Nullable String string(String place) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw fault(place + " must be a string");
    }
    String value = parser.getText();
    if (!utf8.canEncode(value)) {
      throw fault(place + " has half a surrogate pair");
    }
    return value;
  }

  /**
   * Passes over the value at the parser's token, of any kind but not of any size: the parser
   * remembers the names of an object's fields.
   */
  void skip(String place) throws IOException {
    int depth = 0;
    for (int tokens = 1; tokens <= MAX_SKIPPED; tokens++) {
      depth += parser.currentToken().isStructStart() ? 1 : 0;
      depth -= parser.currentToken().isStructEnd() ? 1 : 0;
      if (depth == 0) {
        return;
      }
      parser.nextToken();
    }
    throw fault(place + " has too many parts");
  }

  /** The boolean at the parser's token; false for JSON's null. */
  boolean bool(String place) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw fault(place + " must be true or false");
    };
  }

  /** The whole number from 1 on at the parser's token, at most {@link Long#MAX_VALUE}; or null. */
  @Nullable Long positive(String place) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw fault(place + " must be a whole number");
    }
    BigInteger value = parser.getBigIntegerValue();
    if (value.signum() <= 0) {
      throw fault(place + " must be at least 1");
    }
    return value.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
  }

  /** Requires that the parser is at the given token. */
  void require(JsonToken token, String sentence) {
    if (parser.currentToken() != token) {
      throw fault(sentence);
    }
  }

  /** {@code UNPARSEABLE} with line and column. */
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
