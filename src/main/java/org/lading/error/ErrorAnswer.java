package org.lading.error;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lading.base.JsonFactories;

/**
 * The answer to a failed request; every failure is rendered here.
 *
 * @param status the HTTP status code
 * @param headers response headers besides the content type and the length
 * @param json the body: {@code status} "error", and the fields of {@link Failure#fields}
 */
public record ErrorAnswer(int status, Map<String, String> headers, String json) {
  /** The content type of {@link #json()}. */
  public static final String CONTENT_TYPE = "application/json";

  /**
   * Renders a failure; see {@link Failure#of} for what the log gets.
   *
   * @param subject the beginning of the log line, such as {@code Download ID}
   */
  public static ErrorAnswer of(Throwable thrown, String subject) {
    Failure failure = Failure.of(thrown, subject);
    ErrorCode code = failure.code();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Cache-Control", "no-store");
    if (code.retryAfterSeconds() != ErrorCode.NO_RETRY) {
      headers.put("Retry-After", Integer.toString(code.retryAfterSeconds()));
    }
    if (code == ErrorCode.UNAUTHORIZED) {
      headers.put("WWW-Authenticate", "Bearer");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(body)) {
      json.writeStartObject();
      json.writeStringField("status", "error");
      for (Map.Entry<String, Object> field : failure.fields().entrySet()) {
        json.writeObjectField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ErrorAnswer(code.status(), headers, body.toString(StandardCharsets.UTF_8));
  }
}
