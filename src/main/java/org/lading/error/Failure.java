package org.lading.error;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a caller is told of something that failed; it can be kept, and told to others later.
 *
 * @param code which kind
 * @param sentence for the caller
 * @param targetIndex the index in the request's {@code targets}, from 0, or null
 * @param path the path of the target at fault, as the request gave it, or null
 * @param incident under which the log has the details of an {@code INTERNAL} one, or null
 */
public record Failure(
    ErrorCode code,
    String sentence,
    @Nullable Integer targetIndex,
    @Nullable String path,
    @Nullable String incident) {
  private static final Logger log = LoggerFactory.getLogger(Failure.class);

  /**
   * What is told of an exception. What is not a {@link LadingException} is {@code INTERNAL}: its
   * details go to the log, under an incident that the caller can name.
   *
   * @param about what the log says in front: {@code Download ID}, say
   */
  public static Failure of(Throwable failure, String about) {
    if (failure instanceof LadingException known) {
      if (known.code() == ErrorCode.STORAGE_UNAVAILABLE) {
        log.warn("{}: {}", about, known.sentence(), known);
      }
      return known.failure();
    }
    String incident = UUID.randomUUID().toString();
    log.error("{}: incident {}", about, incident, failure);
    String sentence = "Something went wrong; the log has the details of " + incident;
    return new Failure(ErrorCode.INTERNAL, sentence, null, null, incident);
  }

  /**
   * What answers say of it: {@code code}, {@code error}, and where it is known {@code
   * target_index}, {@code path} and {@code incident}; texts and whole numbers, in this order.
   */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("code", code.code());
    fields.put("error", sentence);
    if (targetIndex != null) {
      fields.put("target_index", targetIndex);
    }
    if (path != null) {
      fields.put("path", path);
    }
    if (incident != null) {
      fields.put("incident", incident);
    }
    return fields;
  }

  /** The same to be thrown; whoever renders it does not log it again. */
  public LadingException toException() {
    return new LadingException(this);
  }
}
