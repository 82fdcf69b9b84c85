package org.lading.error;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.lading.base.HtmlPage;
import org.lading.base.JsonFactories;

/**
 * The answer to a failed request; every failure is rendered here.
 *
 * @param status the HTTP status code
 * @param headers response headers besides the content type and the length
 * @param contentType the content type of the body
 * @param text the body: JSON with {@code status} "error" and the fields of {@link Failure#fields},
 *     or a page
 */
public record ErrorAnswer(
    int status, Map<String, String> headers, String contentType, String text) {
  private static final String JSON = "application/json";

  /**
   * Renders a failure; see {@link Failure#of} for what the log gets.
   *
   * @param subject the beginning of the log line, such as {@code Download ID}
   * @param asPage whether the client would rather have HTML than JSON
   */
  public static ErrorAnswer of(Throwable thrown, String subject, boolean asPage) {
    Failure failure = Failure.of(thrown, subject);
    ErrorCode code = failure.code();
    Map<String, String> headers = new LinkedHashMap<>();
    if (asPage) {
      headers.putAll(HtmlPage.headers(""));
    }
    headers.put("Cache-Control", "no-store");
    headers.put("Vary", "Accept");
    if (code.retryAfterSeconds() != ErrorCode.NO_RETRY) {
      headers.put("Retry-After", Integer.toString(code.retryAfterSeconds()));
    }
    if (code == ErrorCode.UNAUTHORIZED) {
      headers.put("WWW-Authenticate", "Bearer");
    }
    return asPage
        ? new ErrorAnswer(code.status(), headers, HtmlPage.CONTENT_TYPE, page(failure))
        : new ErrorAnswer(code.status(), headers, JSON, json(failure));
  }

  /** Returns the body in UTF-8. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Failure failure) {
    StringWriter body = new StringWriter();
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
    return body.toString();
  }

  private static String page(Failure failure) {
    String words = failure.code().code().replace('_', ' ');
    String title = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    Integer index = failure.targetIndex();
    return HtmlPage.render(
        title,
        "",
        "<main><h1>%s</h1><div id=\"reason\"><bdi>%s</bdi>%s</div></main>"
            .formatted(
                title,
                HtmlPage.escape(failure.sentence()),
                index == null ? "" : " (target " + index + ")"));
  }
}
