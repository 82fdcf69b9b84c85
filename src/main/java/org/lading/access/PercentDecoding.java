package org.lading.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Decodes what is percent-encoded by RFC 3986, section 2.1, once, as UTF-8. */
public final class PercentDecoding {
  private static final int HEX = 16;

  private PercentDecoding() {}

  /**
   * Decodes a text.
   *
   * @param what where the text stands, for the sentence of a failure
   * @throws LadingException {@code UNPARSEABLE} if a percent sign does not begin an encoded byte,
   *     or the bytes are not UTF-8
   */
  public static String decode(String text, String what) {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    ByteBuilder bytes = new ByteBuilder(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        bytes.append(raw[i]);
        continue;
      }
      int high = i + 2 <= raw.length - 1 ? Character.digit(raw[i + 1], HEX) : -1;
      int low = i + 2 <= raw.length - 1 ? Character.digit(raw[i + 2], HEX) : -1;
      if (high < 0 || low < 0) {
        throw new LadingException(
            ErrorCode.UNPARSEABLE,
            "The " + what + " of the link has a percent sign that does not begin %XX");
      }
      bytes.append(high * HEX + low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new LadingException(
          ErrorCode.UNPARSEABLE, "The " + what + " of the link is not UTF-8", e);
    }
  }
}
