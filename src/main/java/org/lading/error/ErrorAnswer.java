package org.lading.error;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/**
 * The answer to a failed request; every failure is rendered here.
 *
 * @param status the HTTP status code
 * @param headers response headers besides the content type and the length
 * @param contentType the content type of the body
 * @param text the body: JSON with {@code status} "error" and the fields of {@link Failure#fields}
 *     and {@link Pause}, or a page
 */
public record ErrorAnswer(
    int status, Map<String, String> headers, String contentType, String text) {
  private static final String JSON = "application/json";

  /**
   * Renders a failure; see {@link Failure#of} for what the log gets.
   *
   * @param subject the beginning of the log line, such as {@code Download ID}
   * @param texts the language of a page, or null for JSON; see {@link Texts#ofPage}
   */
  public static ErrorAnswer of(Throwable thrown, String subject, @Nullable Texts texts) {
    return of(thrown, subject, texts, null);
  }

  /**
   * Renders the failure of a page of a download.
   *
   * @param statusLink where the page of the failure leads for the status of the download, or null
   */
  public static ErrorAnswer of(
      Throwable thrown, String subject, @Nullable Texts texts, @Nullable String statusLink) {
    Failure failure = Failure.of(thrown, subject);
    ErrorCode code = failure.code();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Vary", "Accept");
    Pause pause = thrown instanceof LadingException known ? known.pause() : null;
    HtmlPage page =
        texts == null
            ? null
            : ErrorPage.of(texts, failure, new ErrorPage.Details(file(thrown), statusLink, pause));
    if (page != null) {
      headers.putAll(page.headers());
    }
    headers.put("Cache-Control", "no-store");
    if (code.retryAfterSeconds() != ErrorCode.NO_RETRY) {
      headers.put("Retry-After", Integer.toString(code.retryAfterSeconds()));
    }
    if (pause != null) {
      headers.put("Retry-After", Long.toString(pause.seconds()));
      headers.putAll(pause.headers());
    }
    if (page != null && pause != null && pause.place() != null) {
      headers.put("Refresh", Long.toString(pause.seconds()));
    }
    return page == null
        ? new ErrorAnswer(code.status(), headers, JSON, json(failure, pause))
        : new ErrorAnswer(code.status(), headers, HtmlPage.CONTENT_TYPE, page.html());
  }

  private static @Nullable String file(Throwable thrown) {
    return thrown instanceof LadingException known ? known.file() : null;
  }

  /** Returns the body in UTF-8. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Failure failure, @Nullable Pause pause) {
    StringWriter body = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(body)) {
      json.writeStartObject();
      json.writeStringField("status", "error");
      for (Map.Entry<String, Object> field : failure.fields().entrySet()) {
        json.writeObjectField(field.getKey(), field.getValue());
      }
      if (pause != null) {
        json.writeStringField("retry_at", pause.until().truncatedTo(ChronoUnit.SECONDS).toString());
      }
      if (pause != null && pause.place() != null) {
        json.writeNumberField("place", pause.place());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return body.toString();
  }
}
