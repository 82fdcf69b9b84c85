package org.lading.api.client;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import org.lading.access.Client;
import org.lading.access.Grant;
import org.lading.api.create.CreateAdmission;
import org.lading.base.PrintableText;
import org.lading.base.RequestNotes;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.download.RequestOrigin;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code DELETE /{root}/{id}}: cancels the preparation of a download, or removes it. */
@Path("{root}/{id: [A-Za-z0-9_-]{32}}")
public final class RemovalResource {
  private static final Logger log = LoggerFactory.getLogger(RemovalResource.class);

  private final DownloadService downloads;
  private final CreateAdmission admission;

  /** Makes the resource for the downloads of a service. */
  public RemovalResource(DownloadService downloads, CreateAdmission admission) {
    this.downloads = downloads;
    this.admission = admission;
  }

  /**
   * Answers 204, and 410 from then on. Where everybody may create, whoever has the id may remove;
   * else only the client that asked for the download. What a visitor of a public root asked for
   * nobody may remove: nothing tells one visitor from another.
   */
  @DELETE
  public Response remove(
      @PathParam("root") String root,
      @PathParam("id") String id,
      @Context HttpServletRequest http) {
    admission.origins().requireOwnForm(http);
    Client client = admission.client(http);
    Download download = downloads.find(root, id);
    String owner = download.preparation().client();
    boolean isOpen = admission.clients().isOpen() && !owner.equals(Grant.PUBLIC);
    if (!isOpen && !client.name().equals(owner)) {
      throw new LadingException(ErrorCode.FORBIDDEN, "Another client asked for this download");
    }
    RequestNotes notes = RequestNotes.of(http.getAttribute(RequestNotes.ATTRIBUTE));
    downloads.remove(download, RequestOrigin.UNKNOWN.of(notes.address(), notes.userAgent()));
    log.info("Download {} is removed by {}", PrintableText.ofId(id), client.name());
    return Response.noContent().build();
  }
}
