package org.lading.http.header;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses dates in the three forms of RFC 9110 section 5.6.7. The parsers of Tomcat and Jetty differ
 * in the century of a year of two digits, and take dates that do not exist.
 */
final class HttpDate {
  private static final String DAY_NAME = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  private static final String LONG_DAY_NAME =
      "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)";
  private static final String MONTH = "(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
  private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

  private static final List<Pattern> FORMS =
      List.of(
          form(DAY_NAME + ", (?<day>\\d\\d) " + MONTH + " (?<year>\\d{4}) " + TIME + " GMT"),
          // RFC 850
          form(LONG_DAY_NAME + ", (?<day>\\d\\d)-" + MONTH + "-(?<year>\\d\\d) " + TIME + " GMT"),
          // asctime() of C
          form(DAY_NAME + " " + MONTH + " (?<day>[ \\d]\\d) " + TIME + " (?<year>\\d{4})"));

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final int LEAP_SECOND = 60;
  private static final int CENTURY = 100;

  /** The years in the future from which on a year of two digits is one of the past. */
  private static final int MAX_YEARS_AHEAD = 50;

  private HttpDate() {}

  /**
   * Parses a date; null if it has none of the three forms, or does not exist. The name of the day
   * is not compared with the date, and letters may be of either case.
   *
   * @param now decides the century of a year of two digits: at most 50 years ahead
   */
  static @Nullable Instant parse(String text, Instant now) {
    for (Pattern form : FORMS) {
      Matcher date = form.matcher(text.strip());
      if (date.matches()) {
        return instant(date, now);
      }
    }
    return null;
  }

  private static @Nullable Instant instant(Matcher date, Instant now) {
    int month = MONTHS.indexOf(date.group("month").toLowerCase(Locale.ROOT)) + 1;
    int second = number(date, "second");
    boolean isLeap = second == LEAP_SECOND;
    try {
      int day = Integer.parseInt(date.group("day").strip());
      LocalTime time =
          LocalTime.of(number(date, "hour"), number(date, "minute"), isLeap ? second - 1 : second);
      return instant(date.group("year"), month, day, time, now).plusSeconds(isLeap ? 1 : 0);
    } catch (DateTimeException | NumberFormatException none) {
      return null;
    }
  }

  private static Instant instant(String year, int month, int day, LocalTime time, Instant now) {
    int number = Integer.parseInt(year);
    if (year.length() > 2) {
      return instant(number, month, day, time);
    }
    int latest = now.atOffset(ZoneOffset.UTC).getYear() + MAX_YEARS_AHEAD;
    int candidate = latest - Math.floorMod(latest - number, CENTURY);
    Instant limit = now.atOffset(ZoneOffset.UTC).plusYears(MAX_YEARS_AHEAD).toInstant();
    boolean isTooFar = candidate == latest && instant(candidate, month, day, time).isAfter(limit);
    return instant(isTooFar ? candidate - CENTURY : candidate, month, day, time);
  }

  private static Instant instant(int year, int month, int day, LocalTime time) {
    return LocalDate.of(year, month, day).atTime(time).toInstant(ZoneOffset.UTC);
  }

  private static int number(Matcher date, String group) {
    return Integer.parseInt(date.group(group));
  }

  private static Pattern form(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }
}
