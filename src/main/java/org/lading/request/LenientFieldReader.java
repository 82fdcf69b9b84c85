package org.lading.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.LiteralContent;

/** Reads values as medusa-downloader takes them. */
final class LenientFieldReader extends JsonFieldReader {
  private final JsonParser parser;

  LenientFieldReader(JsonParser parser) {
    super(parser);
    this.parser = parser;
  }

  /** Returns a number as its text. */
  @Override
  @Nullable String string(String field) throws IOException {
    return parser.currentToken().isNumeric() ? parser.getText() : super.string(field);
  }

  @Override
  @Nullable LiteralContent content(String field, BodySource body) throws IOException {
    return parser.currentToken().isNumeric()
        ? LiteralContent.of(parser.getText())
        : super.content(field, body);
  }

  /** Returns true for JSON's true, and false for anything else, the text {@code "true"} too. */
  @Override
  boolean flag(String field) throws IOException {
    boolean isTrue = parser.currentToken() == JsonToken.VALUE_TRUE;
    skip(field);
    return isTrue;
  }

  /** Returns a number rounded up to a whole one, and 1 for one that is smaller. */
  @Override
  @Nullable Long positive(String field) throws IOException {
    // The cast ends at Long.MAX_VALUE.
    return parser.currentToken().isNumeric()
        ? Long.valueOf((long) Math.ceil(Math.max(1, parser.getDoubleValue())))
        : super.positive(field);
  }

  @Override
  void unknown(String field, String owner) throws IOException {
    skip(field);
  }
}
