package org.lading.amqp;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;
import org.lading.download.Download;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;

/** Renders the answers to requests. Clients know their fields and the order of these. */
final class Replies {
  private Replies() {}

  /**
   * The pages of a download.
   *
   * @param download the URL of the archive
   * @param status the URL of the status
   */
  record Pages(String download, String status) {}

  /** Renders the answer that a request was taken. */
  static String received(Download download, Pages pages, String clientId) {
    return json(
        fields(
            "status",
            "ok",
            "id",
            download.id(),
            "download_url",
            pages.download(),
            "status_url",
            pages.status(),
            "client_id",
            clientId,
            "action",
            "request_received"));
  }

  /** Renders the answer that a request was refused. */
  static String refused(@Nullable String clientId, String sentence) {
    return json(
        fields(
            "action",
            "request_received",
            "client_id",
            clientId,
            "status",
            "error",
            "error",
            sentence));
  }

  /** Renders the answer that a download failed. */
  static String failed(Download download, Failure failure) {
    boolean isOfKey = failure.code() == ErrorCode.MISSING_OR_INVALID_TARGET;
    String sentence =
        isOfKey && failure.path() != null
            ? "Missing or invalid key: " + failure.path()
            : failure.sentence();
    return json(fields("action", "error", "id", download.id(), "error", sentence));
  }

  /** Renders the answer that a download is ready. */
  static String completed(Download download, Pages pages) {
    return json(
        fields(
            "action", "request_completed",
            "id", download.id(),
            "download_url", pages.download(),
            "status_url", pages.status(),
            // A decimal number, as its receivers' libraries write those of a database.
            "approximate_size", download.totals().bytes() + ".0"));
  }

  private static Map<String, @Nullable String> fields(@Nullable String... namesAndValues) {
    Map<String, @Nullable String> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return fields;
  }

  private static String json(Map<String, @Nullable String> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, @Nullable String> field : fields.entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
