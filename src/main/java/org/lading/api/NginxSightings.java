package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/**
 * Remembers what the nginx in front said of itself with the last create, status or health request
 * that came through it, so that {@code /status} can tell it without a request of its own.
 */
public final class NginxSightings {
  /** The header by which nginx tells that it has mod_zip. */
  static final String ASSEMBLER_HEADER = "X-Archive-Assembler";

  private static final String LOCATIONS_HEADER = "X-Archive-Locations";
  private static final String LITERALS_HEADER = "X-Archive-Literals";
  private static final int MAX_CHARS = 40;

  private final Clock clock;
  private volatile @Nullable Sighting last;

  private record Sighting(
      @Nullable String assembler,
      @Nullable String locations,
      @Nullable String literals,
      Instant time) {}

  /** Makes a memory without anything in it. */
  public NginxSightings(Clock clock) {
    this.clock = clock;
  }

  /** Takes a request into account; one without such headers came in by another way. */
  public void see(HttpServletRequest request) {
    String assembler = request.getHeader(ASSEMBLER_HEADER);
    String locations = request.getHeader(LOCATIONS_HEADER);
    if (assembler != null || locations != null) {
      last =
          new Sighting(assembler, locations, request.getHeader(LITERALS_HEADER), clock.instant());
    }
  }

  /** Returns what was said last about mod_zip, or null. */
  @Nullable String lastAssembler() {
    Sighting seen = last;
    return seen == null ? null : seen.assembler();
  }

  /** Returns what was said last, and when; nothing if no request has come through such an nginx. */
  public Map<String, Object> report() {
    Sighting seen = last;
    if (seen == null) {
      return Map.of();
    }
    Map<String, Object> report = new LinkedHashMap<>();
    put(report, "assembler", seen.assembler());
    put(report, "locations", seen.locations());
    put(report, "literals", seen.literals());
    report.put("seen_at", seen.time().toString());
    return report;
  }

  private static void put(Map<String, Object> report, String name, @Nullable String value) {
    if (value != null) {
      report.put(name, PrintableText.of(value, MAX_CHARS));
    }
  }
}
