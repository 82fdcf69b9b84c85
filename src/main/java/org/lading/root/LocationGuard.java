package org.lading.root;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;

/**
 * Writes what identifies a content before its location: {@code /if-match/<tag>} or {@code
 * /unmodified-since/<date>}, percent-encoded once. nginx asks for the content under that condition,
 * so that another one is answered with 412, and the archive breaks off.
 */
public final class LocationGuard {
  private static final byte[] IF_MATCH = "/if-match/%22".getBytes(US_ASCII);
  private static final byte[] UNMODIFIED_SINCE = "/unmodified-since/".getBytes(US_ASCII);

  /** The maximum length of a tag: nginx has 4 KiB for the head of its request. */
  private static final int MAX_TAG_CHARS = 256;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The first time that no HTTP date can tell. */
  private static final Instant END_OF_DATES = Instant.parse("9999-12-31T00:00:00Z");

  private LocationGuard() {}

  /**
   * Tells whether a condition can be made of a tag without its quotes: it is strong, and of the
   * characters that RFC 9110 and ASCII have in common.
   */
  public static boolean isUsable(@Nullable String tag) {
    return tag != null
        && !tag.isEmpty()
        && tag.length() <= MAX_TAG_CHARS
        // A weak tag has kept its quotes. nginx would resolve a segment ".." of its own path.
        && tag.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"')
        && !tag.contains("..");
  }

  /** Appends the condition that the content has a tag, which is {@link #isUsable usable}. */
  public static void appendTag(String tag, ByteBuilder line) {
    line.append(IF_MATCH);
    append(tag, line);
    line.append("%22");
  }

  /**
   * Appends the condition that the content was not modified since a time, rounded up to a second;
   * nothing for a time that is not known, or that no date can tell.
   */
  public static void appendTime(Instant modified, ByteBuilder line) {
    if (!modified.isAfter(Instant.EPOCH) || !modified.isBefore(END_OF_DATES)) {
      return;
    }
    line.append(UNMODIFIED_SINCE);
    Instant second = modified.truncatedTo(ChronoUnit.SECONDS);
    append(HTTP_DATE.format(second.equals(modified) ? second : second.plusSeconds(1)), line);
  }

  /** Appends the condition that a file has a size and a time: both are in the tag of nginx. */
  public static void appendFile(long size, Instant modified, ByteBuilder line) {
    line.append(IF_MATCH)
        .append(Long.toHexString(modified.getEpochSecond()))
        .append('-')
        .append(Long.toHexString(size))
        .append("%22");
  }

  private static void append(String text, ByteBuilder line) {
    PercentEncoding.appendPath(new ByteBuilder(text.length()).append(text), 0, line);
  }
}
