package org.lading.limit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The state of one quota of one who asks, as the fields {@code RateLimit-Policy} and {@code
 * RateLimit} of draft-ietf-httpapi-ratelimit-headers-10 have it.
 *
 * @param name the name of the policy: letters, digits and hyphens
 * @param unit what is counted
 * @param quota how much there is of it
 * @param windowSeconds the seconds in which it is there, or 0 if it is a number of things at once
 * @param remaining how much is left
 * @param resetSeconds the seconds until the whole quota is there again
 */
public record Allowance(
    String name, Unit unit, long quota, long windowSeconds, long remaining, long resetSeconds) {
  /** What a quota counts, by the names of the draft. */
  public enum Unit {
    /** Requests, which is what is counted where nothing is said. */
    REQUESTS(""),
    /** Bytes of answers. */
    BYTES(";qu=\"content-bytes\""),
    /** Things that are going on. */
    AT_ONCE(";qu=\"concurrent-requests\"");

    private final String parameter;

    Unit(String parameter) {
      this.parameter = parameter;
    }
  }

  /** The greatest integer of a structured field, RFC 9651 section 3.3.1. */
  private static final long MAX_INTEGER = 999_999_999_999_999L;

  /** Returns the fields of an answer that tell of quotas; none if there are no quotas. */
  public static Map<String, String> fields(List<Allowance> allowances) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (!allowances.isEmpty()) {
      fields.put("RateLimit-Policy", joined(allowances.stream().map(Allowance::policy).toList()));
      fields.put("RateLimit", joined(allowances.stream().map(Allowance::state).toList()));
    }
    return fields;
  }

  private static String joined(List<String> items) {
    return items.stream().collect(Collectors.joining(", "));
  }

  private String policy() {
    String window = windowSeconds == 0 ? "" : ";w=" + windowSeconds;
    return "\"" + name + "\";q=" + Math.min(quota, MAX_INTEGER) + unit.parameter + window;
  }

  private String state() {
    return "\"" + name + "\";r=" + Math.min(remaining, MAX_INTEGER) + ";t=" + resetSeconds;
  }
}
