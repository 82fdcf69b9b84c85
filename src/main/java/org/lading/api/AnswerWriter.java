package org.lading.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;
import org.lading.download.Download;
import org.lading.download.Transfers;
import org.lading.error.Failure;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.Renaming;
import org.lading.manifest.Renamings;
import org.lading.manifest.SourceChanges;

/** Renders the JSON of answers that are not errors. */
public final class AnswerWriter {
  /** The content type of the answers. */
  public static final String JSON = "application/json";

  private final AssemblerSettings assembler;
  private final Transfers transfers;

  /**
   * Makes answers that send clients to the archive of the chosen assembler.
   *
   * @param transfers knows what this node is sending
   */
  public AnswerWriter(AssemblerSettings assembler, Transfers transfers) {
    this.assembler = assembler;
    this.transfers = transfers;
  }

  /** Renders the answer to a create request. */
  public String created(ClientRoute route, Download download) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", download.state() == Download.State.READY ? "ok" : "pending");
    answer.put("id", download.id());
    putPages(answer, route, download);
    return json(answer);
  }

  /** Renders the status of a download. */
  public String status(ClientRoute route, Download download) {
    return json(statusFields(route, download));
  }

  /**
   * Renders a page of a list of downloads.
   *
   * @param next the cursor of the next page, or null if this is the last one
   */
  public String list(ClientRoute route, List<Download> downloads, @Nullable String next) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("downloads", downloads.stream().map(one -> statusFields(route, one)).toList());
    answer.put("next_cursor", next);
    return json(answer);
  }

  private Map<String, Object> statusFields(ClientRoute route, Download download) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", download.word());
    answer.put("id", download.id());
    answer.put("root", download.root());
    answer.put("zip_name", download.zipName());
    answer.put("created_at", download.created().toString());
    answer.put("started_at", textOrNull(download.started()));
    answer.put("settled_at", textOrNull(download.settled()));
    answer.put("progress", progress(download.totals()));
    putPages(answer, route, download);
    Failure failure = download.failure();
    if (failure != null) {
      answer.putAll(failure.fields());
    }
    putSequel(answer, route, download);
    return answer;
  }

  /** Adds what is known of some downloads only. */
  private void putSequel(Map<String, Object> answer, ClientRoute route, Download download) {
    Instant nextTry = nextTry(download);
    if (nextTry != null) {
      answer.put("next_try_at", nextTry.toString());
    }
    SourceChanges changes = download.changes();
    if (changes != null) {
      answer.put("changed", ordered("count", changes.count(), "names", changes.names()));
    }
    if (isRepeatable(download)) {
      answer.put("again_url", againUrl(route, download));
    }
    Transfers.Progress delivery = delivery(download);
    if (delivery != null) {
      answer.put("delivery", ordered("running", delivery.running(), "bytes", delivery.bytes()));
    }
  }

  /** Returns when a download is tried again that waits for that, or null. */
  static @Nullable Instant nextTry(Download download) {
    return download.state() == Download.State.PENDING ? download.preparation().nextTry() : null;
  }

  /** Returns whether whoever has the id of a download can have it prepared again. */
  static boolean isRepeatable(Download download) {
    return download.repetition().isAllowed()
        && download.state().isSettled()
        && download.state() != Download.State.EXPIRED;
  }

  /** Returns what this node is sending of a download, or null. */
  Transfers.@Nullable Progress delivery(Download download) {
    return transfers.of(download.id());
  }

  /** Returns the URL of a download's status. */
  public String statusUrl(ClientRoute route, Download download) {
    return route.page(download.root(), download.id(), "status");
  }

  /** Returns the URL that prepares a download again. */
  String againUrl(ClientRoute route, Download download) {
    return route.page(download.root(), download.id(), "again");
  }

  /** Returns the URL of a download's archive. */
  public String downloadUrl(ClientRoute route, Download download) {
    String page = assembler.choice(route, download).isModZip() ? "get" : "download";
    return route.page(download.root(), download.id(), page);
  }

  /** Returns who makes a download's archive. */
  public AssemblerSettings.Choice choice(ClientRoute route, Download download) {
    return assembler.choice(route, download);
  }

  /** Returns the exact length of a download's archive, in bytes. */
  long archiveLength(ClientRoute route, Download download) {
    return assembler.choice(route, download).length(download.totals());
  }

  private void putPages(Map<String, Object> answer, ClientRoute route, Download download) {
    boolean known = download.state() == Download.State.READY;
    answer.put("download_url", downloadUrl(route, download));
    answer.put("status_url", statusUrl(route, download));
    answer.put("manifest_url", route.page(download.root(), download.id(), "manifest"));
    answer.put("assembler", assembler(route, download));
    answer.put("approximate_size", known ? download.totals().bytes() : null);
    answer.put("zip_size", known ? archiveLength(route, download) : null);
    answer.put("file_count", known ? download.totals().files() : null);
    answer.put("omitted_count", known ? download.totals().omitted() : null);
    putRenamed(answer, known ? download.totals().renamed() : null);
    answer.put("expires_at", download.expires().toString());
  }

  private Map<String, Object> assembler(ClientRoute route, Download download) {
    return assembler(
        assembler.choice(route, download),
        download.state() == Download.State.READY ? download.totals() : null);
  }

  /** Returns the fields that tell who makes an archive; of one whose totals are known, all. */
  static Map<String, Object> assembler(
      AssemblerSettings.Choice choice, Download.@Nullable Totals totals) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("name", choice.name());
    answer.put("reason", choice.reasonInEnglish());
    if (totals != null) {
      answer.put("predicted_seconds", seconds(totals.prediction()));
    }
    return answer;
  }

  /** Puts the fields that tell which names are not those of the request or the sources. */
  static void putRenamed(Map<String, Object> answer, @Nullable Renamings renamed) {
    answer.put("renamed_count", renamed == null ? null : renamed.count());
    answer.put(
        "renamed",
        renamed == null ? null : renamed.first().stream().map(AnswerWriter::fields).toList());
  }

  private static Map<String, Object> fields(Renaming renaming) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("target_index", renaming.targetIndex());
    fields.put("from", renaming.from());
    fields.put("to", renaming.to());
    fields.put("reason", renaming.reason().word());
    return fields;
  }

  private static Map<String, Object> seconds(AssemblyPrediction prediction) {
    Map<String, Object> seconds = new LinkedHashMap<>();
    seconds.put("mod_zip", prediction.modZipMillis() / 1000.0);
    seconds.put("embedded", prediction.embeddedMillis() / 1000.0);
    return seconds;
  }

  private static Map<String, Object> progress(Download.Totals totals) {
    Map<String, Object> progress = new LinkedHashMap<>();
    progress.put("entries", totals.entries());
    progress.put("bytes", totals.bytes());
    return progress;
  }

  private static Map<String, Object> ordered(
      String first, Object one, String second, Object other) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(first, one);
    fields.put(second, other);
    return fields;
  }

  private static @Nullable String textOrNull(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /**
   * Renders an object in the order of its map.
   *
   * @param answer strings, numbers, booleans, nulls, and maps and lists of them; anything else is
   *     an {@link IllegalStateException}
   */
  public static String json(Map<String, ?> answer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(text)) {
      write(json, answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Map<?, ?> object) throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> field : object.entrySet()) {
      json.writeFieldName((String) field.getKey());
      writeValue(json, field.getValue());
    }
    json.writeEndObject();
  }

  private static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> object) {
      write(json, object);
    } else if (value instanceof List<?> array) {
      json.writeStartArray();
      for (Object element : array) {
        writeValue(json, element);
      }
      json.writeEndArray();
    } else {
      json.writeObject(value);
    }
  }
}
