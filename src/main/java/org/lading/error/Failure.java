package org.lading.error;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableException;
import org.lading.base.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a failure that callers see; it can be stored, and shown to other callers later.
 *
 * @param code the kind of failure
 * @param sentence the sentence for the caller
 * @param targetIndex the index in the request's {@code targets}, from 0, or null
 * @param path the path of the target at fault, as the request gave it (cut if it is very long), or
 *     null
 * @param incident the id under which the log has the details of an {@code INTERNAL} failure, or
 *     null
 */
public record Failure(
    ErrorCode code,
    String sentence,
    @Nullable Integer targetIndex,
    @Nullable String path,
    @Nullable String incident) {
  private static final Logger log = LoggerFactory.getLogger(Failure.class);

  /** The maximum number of bytes of a sentence, so that a whole answer has at most 4 KiB. */
  private static final int MAX_SENTENCE_BYTES = 1200;

  /** The maximum number of bytes of a path; a key in S3 has at most 1024, without escapes. */
  private static final int MAX_PATH_BYTES = 1600;

  /** Makes the sentence printable, and cuts texts that are too long, which then end in dots. */
  public Failure {
    sentence =
        PrintableText.cut(PrintableText.of(sentence, MAX_SENTENCE_BYTES), MAX_SENTENCE_BYTES);
    path = path == null ? null : PrintableText.cut(path, MAX_PATH_BYTES);
  }

  /**
   * Returns the part of an exception that callers see. One that is not a {@link LadingException} is
   * {@code INTERNAL}: its details go to the log, under an incident id that the caller can name.
   *
   * @param subject the beginning of the log line, such as {@code Download ID}
   */
  public static Failure of(Throwable failure, String subject) {
    if (failure instanceof LadingException known) {
      switch (known.code()) {
        case STORAGE_UNAVAILABLE -> FaultLog.warn(log, subject, known);
        case UNREADABLE -> log.warn("{}: {}", subject, known.toString());
        case CHANGED -> log.info("{}: {}", subject, known.toString());
        default -> {}
      }
      return known.failure();
    }
    String incident = UUID.randomUUID().toString();
    log.error("{}: incident {}", subject, incident, PrintableException.of(failure));
    String sentence = "Something went wrong; the log has the details of " + incident;
    return new Failure(ErrorCode.INTERNAL, sentence, null, null, incident);
  }

  /**
   * Returns the fields of an answer, in order: {@code code}, {@code error}, and where they are
   * known {@code target_index}, {@code path} and {@code incident}; strings and whole numbers.
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

  /** Makes an exception of this failure, which is not logged again when it is rendered. */
  public LadingException toException() {
    return new LadingException(this, null);
  }
}
