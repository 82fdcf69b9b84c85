package org.lading.api.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadStore.Place;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The place in a list of downloads, as clients hand it back: the base64url of the time of creation
 * in milliseconds, a dot, and the id.
 */
final class ListCursor {
  private static final int MAX_CHARS = 200;
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\.([A-Za-z0-9_-]{1,64})");

  private ListCursor() {}

  /** Returns the cursor of what follows a download. */
  static String after(Download download) {
    String text = download.created().toEpochMilli() + "." + download.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Parses a cursor; {@code UNPARSEABLE} if it is none. */
  static Place parse(String cursor) {
    if (cursor.length() <= MAX_CHARS) {
      try {
        byte[] bytes = Base64.getUrlDecoder().decode(cursor);
        Matcher parts = FORM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (parts.matches()) {
          return new Place(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), parts.group(2));
        }
      } catch (IllegalArgumentException e) {
        throw noCursor(e);
      }
    }
    throw noCursor(null);
  }

  private static LadingException noCursor(@Nullable Throwable cause) {
    return new LadingException(
        ErrorCode.UNPARSEABLE, "cursor must be the next_cursor of an answer", cause);
  }
}
