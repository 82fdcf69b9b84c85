package org.lading.error;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A failure as callers see it; the one place that renders failures.
 *
 * @param status the HTTP status code
 * @param headers further response headers
 * @param json the body: {@code status} is "error", {@code code} and {@code error} say what, and
 *     {@code target_index}, {@code path} or {@code incident} where
 */
public record ErrorAnswer(int status, Map<String, String> headers, String json) {
  /** The content type of {@link #json()}. */
  public static final String CONTENT_TYPE = "application/json";

  /** Buffers kept by the container's threads would keep an undeployed application in memory. */
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool()).build();

  /**
   * Renders a failure; see {@link Failure#of} for what the log gets.
   *
   * @param about what the log says in front: {@code Download ID}, say
   */
  public static ErrorAnswer of(Throwable failure, String about) {
    return render(Failure.of(failure, about));
  }

  private static ErrorAnswer render(Failure failure) {
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
    try (JsonGenerator json = JSON.createGenerator(body)) {
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
