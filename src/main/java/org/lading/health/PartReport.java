package org.lading.health;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a part.
 *
 * @param name the name of the part
 * @param state whether it answers
 * @param error why it does not, or null
 * @param checked when the last check ended, or null before that
 * @param checking since when a check runs, or null if none runs
 * @param details what the last check found besides
 * @param lastError the last failure, or null
 */
public record PartReport(
    String name,
    State state,
    @Nullable String error,
    @Nullable Instant checked,
    @Nullable Instant checking,
    Map<String, Object> details,
    @Nullable LastError lastError) {
  /** Whether a part answers. */
  public enum State {
    /** It answered the last check. */
    OK("ok"),
    /** It failed the last check, or has not answered in time. */
    UNAVAILABLE("unavailable"),
    /** The first check has not ended. */
    CHECKING("checking");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** Returns the state as answers have it. */
    public String word() {
      return word;
    }
  }

  /**
   * A failure of a part.
   *
   * @param time when it was noticed
   * @param sentence why the part failed
   */
  public record LastError(Instant time, String sentence) {}

  /** Returns the fields of the report in JSON. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", state.word());
    if (error != null) {
      fields.put("error", error);
    }
    fields.putAll(details);
    put(fields, "checked_at", checked);
    put(fields, "checking_since", checking);
    if (lastError != null) {
      Map<String, Object> last = new LinkedHashMap<>();
      put(last, "at", lastError.time());
      last.put("error", lastError.sentence());
      fields.put("last_error", last);
    }
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable Instant time) {
    if (time != null) {
      fields.put(name, time.toString());
    }
  }
}
