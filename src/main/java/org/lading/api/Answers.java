package org.lading.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.lading.download.Download;

/** The JSON of the answers that are not errors. */
public final class Answers {
  /** Their content type. */
  public static final String JSON = "application/json";

  /** Buffers kept by the container's threads would keep an undeployed application in memory. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
              .build());

  private final Urls urls;
  private final AssemblerChoice assembler;

  /** Answers whose URLs are the given ones. */
  public Answers(Urls urls, AssemblerChoice assembler) {
    this.urls = urls;
    this.assembler = assembler;
  }

  /** The answer to a create request. */
  public String created(HttpServletRequest http, Download download) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "ok");
    answer.put("id", download.id());
    putPages(answer, http, download);
    return json(answer);
  }

  /** The status of a download. */
  String status(HttpServletRequest http, Download download) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", download.state().name().toLowerCase(Locale.ROOT));
    answer.put("id", download.id());
    answer.put("root", download.root());
    answer.put("zip_name", download.zipName());
    answer.put("created_at", download.created().toString());
    putPages(answer, http, download);
    return json(answer);
  }

  /** The address of a download's status. */
  public String statusUrl(HttpServletRequest http, Download download) {
    return url(http, download, "status");
  }

  /** The address of a download's archive. */
  String downloadUrl(HttpServletRequest http, Download download) {
    return url(http, download, assembler.isModZip(http, download) ? "get" : "download");
  }

  /** The exact length of a download's archive, in bytes. */
  long archiveLength(HttpServletRequest http, Download download) {
    return assembler.isModZip(http, download)
        ? download.totals().modZipLength()
        : download.totals().archiveLength();
  }

  private void putPages(Map<String, Object> answer, HttpServletRequest http, Download download) {
    answer.put("download_url", downloadUrl(http, download));
    answer.put("status_url", statusUrl(http, download));
    answer.put("manifest_url", url(http, download, "manifest"));
    answer.put("approximate_size", download.totals().bytes());
    answer.put("zip_size", archiveLength(http, download));
    answer.put("file_count", download.totals().files());
    answer.put("expires_at", download.expires().toString());
  }

  private String url(HttpServletRequest http, Download download, String page) {
    return urls.page(http, download.root(), download.id(), page);
  }

  /** Renders plain maps, strings, numbers and booleans. */
  public static String json(Map<String, Object> answer) {
    try {
      return MAPPER.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that is not plain data", e);
    }
  }
}
