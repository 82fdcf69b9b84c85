package org.lading.api.create;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.lading.access.Access;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.api.ClientRouteFinder;
import org.lading.base.PrintableText;
import org.lading.base.RequestNotes;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.download.RequestOrigin;
import org.lading.error.ErrorCode;
import org.lading.page.Texts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /{root}/{id}/again}: prepares a download again, as another one with the same targets,
 * where its creator allowed that.
 */
@Path("{root}/{id}/again")
public final class RepeatResource {
  private static final int ACCEPTED = 202;
  private static final int SEE_OTHER = 303;
  private static final Logger log = LoggerFactory.getLogger(RepeatResource.class);

  private final DownloadService downloads;
  private final Access access;
  private final CreateAdmission admission;
  private final Executor threads;
  private final ClientRouteFinder routes;
  private final AnswerWriter answers;

  /**
   * Makes the resource.
   *
   * @param admission has the check of the pages that may ask
   * @param threads copies targets, few at a time
   */
  public RepeatResource(
      DownloadService downloads,
      Access access,
      CreateAdmission admission,
      Executor threads,
      ClientRouteFinder routes,
      AnswerWriter answers) {
    this.downloads = downloads;
    this.access = access;
    this.admission = admission;
    this.threads = threads;
    this.routes = routes;
    this.answers = answers;
  }

  /**
   * Leads a browser to the status page of the new download; answers a program as a create that does
   * not wait.
   */
  @POST
  @Produces({"application/json", "text/html;charset=UTF-8"})
  public CompletionStage<Response> repeat(
      @PathParam("root") String root,
      @PathParam("id") String id,
      @Context HttpServletRequest http) {
    admission.origins().requireOwnForm(http);
    ClientRoute route = routes.route(http);
    boolean isPage =
        Texts.ofPage(
                http.getHeaders(HttpHeaders.ACCEPT), http.getHeaders(HttpHeaders.ACCEPT_LANGUAGE))
            != null;
    String client = downloads.find(root, id).preparation().client();
    RequestNotes notes = RequestNotes.of(http.getAttribute(RequestNotes.ATTRIBUTE));
    RequestOrigin asker = RequestOrigin.UNKNOWN.of(notes.address(), notes.userAgent());
    return CompletableFuture.supplyAsync(
            () ->
                downloads.repeat(root, id, used -> access.requireStillUsable(client, used), asker),
            threads)
        .thenApply(
            download -> {
              admission.metrics().created("pending");
              log.info(
                  "Download {} is in the place of {}",
                  PrintableText.ofId(download.id()),
                  PrintableText.ofId(id));
              return isPage ? seeOther(route, download) : accepted(route, download);
            });
  }

  /** Names a path alone: the browser may know the server by another of its names. */
  private Response seeOther(ClientRoute route, Download download) {
    URI status = URI.create(answers.statusUrl(route, download));
    return Response.status(SEE_OTHER)
        .header(HttpHeaders.LOCATION, status.getRawPath())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private Response accepted(ClientRoute route, Download download) {
    return Response.status(ACCEPTED)
        .header(HttpHeaders.LOCATION, answers.statusUrl(route, download))
        .header(HttpHeaders.RETRY_AFTER, ErrorCode.NOT_READY.retryAfterSeconds())
        .type(AnswerWriter.JSON)
        .entity(answers.created(route, download))
        .build();
  }
}
