package org.lading.access;

import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** The query of a plain link, in the form of HTML forms: {@code name=a+b&token=...}. */
public final class LinkQuery {
  private LinkQuery() {}

  /**
   * Returns the decoded value of a parameter, or null if the query does not have it. Others do not
   * matter.
   *
   * @throws LadingException {@code UNPARSEABLE} if it is there twice, or is not encoded by the
   *     rules
   */
  public static @Nullable String value(@Nullable String query, String name) {
    String value = null;
    for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals < 0 || !parameter.substring(0, equals).equals(name)) {
        continue;
      }
      if (value != null) {
        throw new LadingException(ErrorCode.UNPARSEABLE, "The link has two of " + name);
      }
      value = PercentDecoding.decode(parameter.substring(equals + 1).replace('+', ' '), name);
    }
    return value;
  }
}
