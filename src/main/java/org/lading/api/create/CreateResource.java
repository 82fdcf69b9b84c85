package org.lading.api.create;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.lading.api.AnswerJson;
import org.lading.api.DownloadUrls;
import org.lading.api.RequestOrigin;
import org.lading.base.PrintableText;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /create}: takes what the JSON body asks for, and waits a while for the download. */
@Path("create")
public final class CreateResource {
  private static final long LARGE_BYTES = 1 << 20;
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final Logger log = LoggerFactory.getLogger(CreateResource.class);

  private final DownloadService downloads;
  private final CreateAuthorization access;
  private final Set<String> roots;
  private final Limits limits;
  private final DownloadUrls urls;
  private final AnswerJson answers;
  private final Metrics metrics;
  private final Lock large = new ReentrantLock(true);

  /**
   * How large a request may be, and how long its answer may take.
   *
   * @param bytes the most bytes of the body
   * @param targets the most targets
   * @param spool the directory for large bodies while they are read
   * @param patience of clients that do not say how long they wait
   */
  public record Limits(long bytes, int targets, java.nio.file.Path spool, Duration patience) {}

  /** The resource, for downloads of the roots of these names. */
  public CreateResource(
      DownloadService downloads,
      CreateAuthorization access,
      Set<String> roots,
      Limits limits,
      DownloadUrls urls,
      AnswerJson answers,
      Metrics metrics) {
    this.metrics = metrics;
    this.downloads = downloads;
    this.access = access;
    this.roots = roots;
    this.limits = limits;
    this.urls = urls;
    this.answers = answers;
  }

  /**
   * Answers 201 with the download if it is ready in time, else 202; its status URL is in {@code
   * Location}. No thread waits.
   */
  @POST
  public CompletionStage<Response> create(InputStream in, @Context HttpServletRequest http)
      throws IOException {
    try {
      return begin(in, http).whenComplete(this::count);
    } catch (IOException | RuntimeException e) {
      count(null, e);
      throw e;
    }
  }

  private void count(@Nullable Response answer, @Nullable Throwable failure) {
    if (answer != null) {
      metrics.created(answer.getStatus() == CREATED ? "ready" : "pending");
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    ErrorCode code = cause instanceof LadingException known ? known.code() : ErrorCode.INTERNAL;
    metrics.created(code.code());
  }

  private CompletionStage<Response> begin(InputStream in, HttpServletRequest http)
      throws IOException {
    requireExactPath(http);
    CreateAuthorization.AuthorizedClient client =
        access.authenticate(http.getHeader("Authorization"));
    WaitPreference patience = WaitPreference.of(http.getHeaders("Prefer"), limits.patience());
    RequestOrigin caller = urls.caller(http);
    try (SpooledBody body =
        SpooledBody.read(in, http.getContentLengthLong(), limits.bytes(), limits.spool())) {
      return takenIn(body, client, patience)
          .thenApply(download -> answer(caller, patience, download));
    }
  }

  /** Large ones by turns: their texts are held in memory on the way into the database. */
  private CompletionStage<Download> takenIn(
      SpooledBody body, CreateAuthorization.AuthorizedClient client, WaitPreference patience)
      throws IOException {
    boolean isLarge = body.length() > LARGE_BYTES;
    if (isLarge) {
      large.lock();
    }
    try {
      CreateRequest request =
          CreateRequestJson.read(
              body, limits.targets(), (root, index) -> requireUsable(client, root, index));
      return downloads.create(
          request, patience.time(), id -> log.info("Download {} is for {}", id, client.name()));
    } finally {
      if (isLarge) {
        large.unlock();
      }
    }
  }

  private Response answer(RequestOrigin caller, WaitPreference patience, Download download) {
    boolean ready = download.state() == Download.State.READY;
    Response.ResponseBuilder response =
        Response.status(ready ? CREATED : ACCEPTED)
            .header(HttpHeaders.LOCATION, answers.statusUrl(caller, download))
            .type(AnswerJson.JSON)
            .entity(answers.created(caller, download));
    if (!ready) {
      response.header(HttpHeaders.RETRY_AFTER, ErrorCode.NOT_READY.retryAfterSeconds());
    }
    if (patience.applied() != null) {
      response.header("Preference-Applied", patience.applied());
    }
    return response.build();
  }

  /** Jersey takes "create/" and "create;x" for this page too; a rule in front of it would not. */
  private static void requireExactPath(HttpServletRequest http) {
    if (!http.getRequestURI().equals(http.getContextPath() + "/create")) {
      throw new LadingException(ErrorCode.NOT_FOUND, "There is no such page");
    }
  }

  private void requireUsable(CreateAuthorization.AuthorizedClient client, String root, int index) {
    LadingException fault = null;
    if (!roots.contains(root)) {
      fault =
          new LadingException(ErrorCode.INVALID_ROOT, "Invalid root: " + PrintableText.of(root));
    } else if (!client.mayUse(root)) {
      fault = new LadingException(ErrorCode.FORBIDDEN, "The root " + root + " is not yours to use");
    }
    if (fault != null) {
      throw index < 0 ? fault : fault.at(index, null);
    }
  }
}
