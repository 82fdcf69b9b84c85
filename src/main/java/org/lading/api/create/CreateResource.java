package org.lading.api.create;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.lading.api.Answers;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /create}: makes a download of what the JSON body asks for. */
@Path("create")
public final class CreateResource {
  private static final Logger log = LoggerFactory.getLogger(CreateResource.class);

  private final DownloadService downloads;
  private final Access access;
  private final Set<String> roots;
  private final BodyLimits limits;
  private final Answers answers;

  /**
   * How large a request may be.
   *
   * @param bytes the most bytes of the body
   * @param targets the most targets
   * @param spool the directory for large bodies while they are read
   */
  public record BodyLimits(long bytes, int targets, java.nio.file.Path spool) {}

  /** The resource, for downloads of the roots of these names. */
  public CreateResource(
      DownloadService downloads,
      Access access,
      Set<String> roots,
      BodyLimits limits,
      Answers answers) {
    this.downloads = downloads;
    this.access = access;
    this.roots = roots;
    this.limits = limits;
    this.answers = answers;
  }

  /** Answers 201 with the download, its status URL in {@code Location}. */
  @POST
  public Response create(InputStream in, @Context HttpServletRequest http) throws IOException {
    requireExactPath(http);
    Access.Client client = access.authenticate(http.getHeader("Authorization"));
    try (RequestBody body =
        RequestBody.read(in, http.getContentLengthLong(), limits.bytes(), limits.spool())) {
      CreateRequest request =
          CreateJson.read(
              body, limits.targets(), (root, index) -> requireUsable(client, root, index));
      Download download = downloads.create(request);
      log.info(
          "Download {} made for {}: {} entries, {} bytes",
          download.id(),
          client.name(),
          download.totals().entries(),
          download.totals().bytes());
      return Response.status(Response.Status.CREATED)
          .header(HttpHeaders.LOCATION, answers.statusUrl(http, download))
          .type(Answers.JSON)
          .entity(answers.created(http, download))
          .build();
    }
  }

  /** Jersey takes "create/" and "create;x" for this page too; a rule in front of it would not. */
  private static void requireExactPath(HttpServletRequest http) {
    if (!http.getRequestURI().equals(http.getContextPath() + "/create")) {
      throw new LadingException(ErrorCode.NOT_FOUND, "There is no such page");
    }
  }

  private void requireUsable(Access.Client client, String root, int index) {
    LadingException fault = null;
    if (!roots.contains(root)) {
      fault = new LadingException(ErrorCode.INVALID_ROOT, "Invalid root: " + Printable.of(root));
    } else if (!client.mayUse(root)) {
      fault = new LadingException(ErrorCode.FORBIDDEN, "The root " + root + " is not yours to use");
    }
    if (fault != null) {
      throw index < 0 ? fault : fault.at(index, null);
    }
  }
}
