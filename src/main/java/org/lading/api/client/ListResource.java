package org.lading.api.client;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.access.Client;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRouteFinder;
import org.lading.api.create.CreateAdmission;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.download.DownloadStore;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** {@code GET /list}: the downloads that a client asked for, the newest first, page by page. */
@Path("list")
public final class ListResource {
  private static final int USUAL_LIMIT = 20;
  private static final int MAX_LIMIT = 100;

  private final DownloadService downloads;
  private final CreateAdmission admission;
  private final ClientRouteFinder routes;
  private final AnswerWriter answers;

  /** Makes the resource for the downloads of a service. */
  public ListResource(
      DownloadService downloads,
      CreateAdmission admission,
      ClientRouteFinder routes,
      AnswerWriter answers) {
    this.downloads = downloads;
    this.admission = admission;
    this.routes = routes;
    this.answers = answers;
  }

  /**
   * Answers with at most {@code limit} downloads, and with the cursor of the next page if there are
   * more; 403 where everybody may create, since the ids are the only secret then.
   */
  @GET
  @Produces(AnswerWriter.JSON)
  public Response list(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("state") @Nullable String state,
      @Context HttpServletRequest http) {
    admission.origins().requireOwnForm(http);
    if (admission.clients().isOpen()) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "Everybody may create here, so nobody's downloads are listed");
    }
    Client client = admission.client(http);
    int most = limit == null ? USUAL_LIMIT : limit(limit);
    List<Download> found =
        downloads.ofClient(
            client.name(),
            state == null ? null : shown(state),
            cursor == null ? null : ListCursor.parse(cursor),
            most + 1);
    boolean isMore = found.size() > most;
    List<Download> page = isMore ? found.subList(0, most) : found;
    String next = isMore ? ListCursor.after(page.get(most - 1)) : null;
    return Response.ok(answers.list(routes.route(http), page, next))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .build();
  }

  private static int limit(String text) {
    if (text.matches("[1-9]\\d{0,8}")) {
      return Math.min(Integer.parseInt(text), MAX_LIMIT);
    }
    throw new LadingException(ErrorCode.UNPARSEABLE, "limit must be a whole number from 1 on");
  }

  private static DownloadStore.Shown shown(String word) {
    List<DownloadStore.Shown> all = DownloadStore.Shown.all();
    return all.stream()
        .filter(shown -> shown.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new LadingException(
                    ErrorCode.UNPARSEABLE,
                    "state must be one of "
                        + String.join(", ", all.stream().map(DownloadStore.Shown::word).toList())));
  }
}
