package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.lading.download.Download;
import org.lading.download.DownloadService;

/** {@code GET /{root}/{id}/status}: how a download is doing, as JSON or as a page. */
@Path("{root}/{id}/status")
public final class DownloadStatusResource {
  private final DownloadService downloads;
  private final Answers answers;

  /** The resource, for the given downloads. */
  public DownloadStatusResource(DownloadService downloads, Answers answers) {
    this.downloads = downloads;
    this.answers = answers;
  }

  /** For programs. */
  @GET
  @Produces("application/json;qs=1.0")
  public Response json(
      @PathParam("root") String root,
      @PathParam("id") String id,
      @Context HttpServletRequest http) {
    Download download = downloads.find(root, id);
    return Response.ok(answers.status(http, download))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .build();
  }

  /** For browsers. */
  @GET
  @Produces("text/html;charset=UTF-8;qs=0.9")
  public Response html(
      @PathParam("root") String root,
      @PathParam("id") String id,
      @Context HttpServletRequest http) {
    Download download = downloads.find(root, id);
    return Pages.withHeaders(
        Response.ok(
            Pages.status(
                download,
                answers.downloadUrl(http, download),
                answers.archiveLength(http, download))));
  }
}
