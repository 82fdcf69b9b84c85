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
import org.lading.error.ErrorCode;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/** {@code GET /{root}/{id}/status}: the status of a download, as JSON or as a page. */
@Path("{root}/{id}/status")
public final class DownloadStatusResource {
  private final DownloadService downloads;
  private final ClientRouteFinder routes;
  private final AnswerWriter answers;

  /** Makes the resource for the downloads of a service. */
  public DownloadStatusResource(
      DownloadService downloads, ClientRouteFinder routes, AnswerWriter answers) {
    this.downloads = downloads;
    this.routes = routes;
    this.answers = answers;
  }

  /** Answers a program with JSON: status 200, or 410 if the download has expired. */
  @GET
  @Produces("application/json;qs=1.0")
  public Response json(
      @PathParam("root") String root,
      @PathParam("id") String id,
      @Context HttpServletRequest http) {
    Download download = downloads.find(root, id);
    return response(download)
        .entity(answers.status(routes.route(http), download))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .build();
  }

  /** Answers a browser with a page, with the same status. */
  @GET
  @Produces("text/html;charset=UTF-8;qs=0.9")
  public Response html(
      @PathParam("root") String root,
      @PathParam("id") String id,
      @Context HttpServletRequest http) {
    Download download = downloads.find(root, id);
    Texts texts = Texts.of(http.getHeaders(HttpHeaders.ACCEPT_LANGUAGE));
    HtmlPage page = DownloadStatusPage.of(answers, texts, routes.route(http), download, null);
    return Pages.answer(response(download), page);
  }

  private static Response.ResponseBuilder response(Download download) {
    Response.ResponseBuilder response =
        Response.status(download.state() == Download.State.EXPIRED ? 410 : 200);
    return download.state().isSettled()
        ? response
        : response.header(HttpHeaders.RETRY_AFTER, ErrorCode.NOT_READY.retryAfterSeconds());
  }
}
