package org.lading.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.error.Failure;

/** The JSON of the answers that are not errors. */
public final class AnswerJson {
  /** Their content type. */
  public static final String JSON = "application/json";

  /** Buffers kept by the container's threads would keep an undeployed application in memory. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
              .build());

  private final AssemblerChoice assembler;

  /** Answers that send clients to the archive of the given assembler. */
  public AnswerJson(AssemblerChoice assembler) {
    this.assembler = assembler;
  }

  /** The answer to a create request. */
  public String created(RequestOrigin caller, Download download) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", download.state() == Download.State.READY ? "ok" : "pending");
    answer.put("id", download.id());
    putPages(answer, caller, download);
    return json(answer);
  }

  /** The status of a download. */
  String status(RequestOrigin caller, Download download) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", download.state().word());
    answer.put("id", download.id());
    answer.put("root", download.root());
    answer.put("zip_name", download.zipName());
    answer.put("created_at", download.created().toString());
    answer.put("started_at", textOrNull(download.started()));
    answer.put("settled_at", textOrNull(download.settled()));
    answer.put("progress", progress(download.totals()));
    putPages(answer, caller, download);
    Failure failure = download.failure();
    if (failure != null) {
      answer.putAll(failure.fields());
    }
    return json(answer);
  }

  /** The address of a download's status. */
  public String statusUrl(RequestOrigin caller, Download download) {
    return caller.page(download.root(), download.id(), "status");
  }

  /** The address of a download's archive. */
  String downloadUrl(RequestOrigin caller, Download download) {
    String page = assembler.isModZip(caller, download) ? "get" : "download";
    return caller.page(download.root(), download.id(), page);
  }

  /** The exact length of a download's archive, in bytes. */
  long archiveLength(RequestOrigin caller, Download download) {
    return assembler.isModZip(caller, download)
        ? download.totals().modZipLength()
        : download.totals().archiveLength();
  }

  private void putPages(Map<String, Object> answer, RequestOrigin caller, Download download) {
    boolean known = download.state() == Download.State.READY;
    answer.put("download_url", downloadUrl(caller, download));
    answer.put("status_url", statusUrl(caller, download));
    answer.put("manifest_url", caller.page(download.root(), download.id(), "manifest"));
    answer.put("approximate_size", known ? download.totals().bytes() : null);
    answer.put("zip_size", known ? archiveLength(caller, download) : null);
    answer.put("file_count", known ? download.totals().files() : null);
    answer.put("expires_at", download.expires().toString());
  }

  private static Map<String, Object> progress(Download.Totals totals) {
    Map<String, Object> progress = new LinkedHashMap<>();
    progress.put("entries", totals.entries());
    progress.put("bytes", totals.bytes());
    return progress;
  }

  private static @Nullable String textOrNull(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** Renders plain maps, strings, numbers and booleans. */
  public static String json(Map<String, ?> answer) {
    try {
      return MAPPER.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that is not plain data", e);
    }
  }
}
