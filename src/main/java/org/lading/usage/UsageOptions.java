package org.lading.usage;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report is made of.
 *
 * @param files the logs, in any order; {@code -} is the standard input
 * @param report what is counted
 * @param asJson whether the report has JSON lines instead of CSV
 * @param robots the file with the patterns of robots, or null
 * @param from the time at or after which a delivery began
 * @param to the time before which it began
 * @param directory the directory for the file in which the lines are sorted, or null for the
 *     system's
 */
record UsageOptions(
    List<String> files,
    Report report,
    boolean asJson,
    @Nullable Path robots,
    Instant from,
    Instant to,
    @Nullable Path directory) {
  private static final String STANDARD_INPUT = "-";

  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException with a sentence about what is wrong
   */
  static UsageOptions of(List<String> arguments) {
    Reading reading = new Reading();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (!argument.startsWith("-") || argument.equals(STANDARD_INPUT)) {
        reading.files.add(argument);
      } else if (!rest.hasNext()) {
        throw new IllegalArgumentException(
            Reading.NAMES.contains(argument)
                ? argument + " needs a value"
                : "There is no option " + argument);
      } else {
        reading.take(argument, rest.next());
      }
    }
    return reading.options();
  }

  /** The options as far as they are read. */
  private static final class Reading {
    private static final List<String> NAMES =
        List.of("--by", "--format", "--robots", "--from", "--to", "--directory");

    private final List<String> files = new ArrayList<>();
    private Report report = Report.DOWNLOAD;
    private boolean asJson;
    private @Nullable Path robots;
    private @Nullable Path directory;
    private Instant from = Instant.EPOCH;
    private Instant to = Instant.parse("9999-12-31T00:00:00Z");

    void take(String name, String value) {
      switch (name) {
        case "--by" -> report = Report.named(value);
        case "--format" -> asJson = isJson(value);
        case "--robots" -> robots = Path.of(value);
        case "--from" -> from = time(name, value);
        case "--to" -> to = time(name, value);
        case "--directory" -> directory = Path.of(value);
        default -> throw new IllegalArgumentException("There is no option " + name);
      }
    }

    private static boolean isJson(String value) {
      return switch (value) {
        case "csv" -> false;
        case "json" -> true;
        default -> throw new IllegalArgumentException("--format is csv or json, not " + value);
      };
    }

    private static Instant time(String name, String value) {
      try {
        return value.indexOf('T') < 0
            ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
            : OffsetDateTime.parse(value).toInstant();
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            name + " is a date (2026-11-01, in UTC) or a time (2026-11-01T00:00:00+01:00)", e);
      }
    }

    UsageOptions options() {
      if (files.isEmpty()) {
        throw new IllegalArgumentException("No log is named");
      }
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException("--from is not before --to");
      }
      return new UsageOptions(List.copyOf(files), report, asJson, robots, from, to, directory);
    }
  }
}
