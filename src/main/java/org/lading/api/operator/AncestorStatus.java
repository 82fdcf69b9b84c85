package org.lading.api.operator;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lading.health.PartReport;

/** Tells the state of parts in the fields that checks of medusa-downloader look at. */
public final class AncestorStatus {
  private static final Map<String, String> PARTS =
      Map.of("amqpListener", "amqp", "delayedJobs", "scheduler");

  private AncestorStatus() {}

  /**
   * Returns the fields: {@code running} where the part is there and answers, else {@code stopped}.
   *
   * @param parts the reports of the parts by their names
   */
  public static Map<String, Object> fields(Map<String, Map<String, Object>> parts) {
    Map<String, Object> fields = new TreeMap<>();
    PARTS.forEach((field, part) -> fields.put(field, Map.of("status", word(parts.get(part)))));
    return fields;
  }

  private static String word(@Nullable Map<String, Object> report) {
    return report != null && PartReport.State.OK.word().equals(report.get("status"))
        ? "running"
        : "stopped";
  }
}
