package org.lading.access.digest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an {@code Authorization} header, RFC 9110 section 11.2. Containers make a
 * character of each byte of a header (ISO-8859-1), and so the values are.
 */
final class AuthorizationParameters {
  /** The maximum length of a header; containers take 8 KiB for a whole request by default. */
  private static final int MAX_CHARS = 16 * 1024;

  /**
   * One parameter with the comma after it, or a comma alone; possessive, so that none backtracks.
   */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "[ \t]*+(?:([!#$%&'*+.^_`|~0-9A-Za-z-]++)[ \t]*+=[ \t]*+"
              + "(?:\"((?:[^\"\\\\\\p{Cntrl}]|\t|\\\\[^\\p{Cntrl}])*+)\"|([^\", \t\\p{Cntrl}]++)))?+"
              + "[ \t]*+(?:,|\\z)");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
  private static final String EXTENDED = "utf-8''";
  private static final int HEX = 16;

  private final Map<String, String> values;

  private AuthorizationParameters(Map<String, String> values) {
    this.values = values;
  }

  /** Parses what follows the scheme; null if it is not by the rules, or has one twice. */
  static @Nullable AuthorizationParameters parse(String text) {
    if (text.length() > MAX_CHARS) {
      return null;
    }
    Map<String, String> values = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(text);
    int at = 0;
    while (at < text.length()) {
      matcher.region(at, text.length());
      if (!matcher.lookingAt()) {
        return null;
      }
      at = matcher.end();
      String name = matcher.group(1);
      if (name != null && values.put(name.toLowerCase(Locale.ROOT), value(matcher)) != null) {
        return null;
      }
    }
    return new AuthorizationParameters(values);
  }

  private static String value(Matcher matcher) {
    String quoted = matcher.group(2);
    return quoted == null
        ? String.valueOf(matcher.group(3))
        : ESCAPE.matcher(quoted).replaceAll("$1");
  }

  /** Returns a value, or null. */
  @Nullable String get(String name) {
    return values.get(name);
  }

  /**
   * Returns a value as text: UTF-8 if it is that, as {@code charset=UTF-8} asks for, else as it is;
   * or that of the parameter with a star, RFC 8187, which has to be percent-encoded UTF-8. Null if
   * there is neither, or both.
   */
  @Nullable String text(String name) {
    String plain = values.get(name);
    String extended = values.get(name + "*");
    if (plain != null && extended == null) {
      String decoded = utf8(bytes(plain));
      return decoded == null ? plain : decoded;
    }
    return plain == null && extended != null ? unextended(extended) : null;
  }

  /** Returns the bytes that the client has sent; those of UTF-8 if the container decoded them. */
  static byte[] bytes(String value) {
    Charset charset =
        value.chars().allMatch(c -> c <= 0xFF)
            ? StandardCharsets.ISO_8859_1
            : StandardCharsets.UTF_8;
    return value.getBytes(charset);
  }

  private static @Nullable String unextended(String value) {
    if (!value.regionMatches(true, 0, EXTENDED, 0, EXTENDED.length())) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = EXTENDED.length(); i < value.length(); i++) {
      if (value.charAt(i) != '%') {
        bytes.write(value.charAt(i));
        continue;
      }
      int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), HEX) : -1;
      int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), HEX) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      bytes.write(high * HEX + low);
      i += 2;
    }
    return utf8(bytes.toByteArray());
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
