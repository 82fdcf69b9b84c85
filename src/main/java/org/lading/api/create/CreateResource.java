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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.api.ClientRouteFinder;
import org.lading.base.PrintableText;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /create}: creates the download that the JSON body asks for, and answers when it is
 * ready or the client's waiting time is up.
 */
@Path("create")
public final class CreateResource {
  /** The minimum size in bytes of a large body; large bodies are read one at a time. */
  private static final long MIN_LARGE_BODY = 1 << 20;

  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final Logger log = LoggerFactory.getLogger(CreateResource.class);

  private final DownloadService downloads;
  private final CreateSettings settings;
  private final Set<String> rootNames;
  private final java.nio.file.Path spoolDirectory;
  private final ClientRouteFinder routes;
  private final AnswerWriter answers;
  private final Metrics metrics;
  private final Lock largeBodyLock = new ReentrantLock(true);

  /**
   * Makes the resource.
   *
   * @param rootNames the names of all roots
   * @param spoolDirectory the directory for the temporary files of large request bodies
   */
  public CreateResource(
      DownloadService downloads,
      CreateSettings settings,
      Set<String> rootNames,
      java.nio.file.Path spoolDirectory,
      ClientRouteFinder routes,
      AnswerWriter answers,
      Metrics metrics) {
    this.downloads = downloads;
    this.settings = settings;
    this.rootNames = rootNames;
    this.spoolDirectory = spoolDirectory;
    this.routes = routes;
    this.answers = answers;
    this.metrics = metrics;
  }

  /**
   * Answers 201 if the download is ready in time, else 202, with its status URL in {@code
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
        settings.authorization().authenticate(http.getHeaders("Authorization"));
    WaitPreference wait = WaitPreference.of(http.getHeaders("Prefer"), settings.defaultWait());
    ClientRoute route = routes.route(http);
    try (SpooledBody body =
        SpooledBody.read(
            in, http.getContentLengthLong(), settings.maxBodyBytes(), spoolDirectory)) {
      return create(body, client, wait).thenApply(download -> answer(route, wait, download));
    }
  }

  /** Creates a download; of large bodies one at a time, since their texts are held in memory. */
  private CompletionStage<Download> create(
      SpooledBody body, CreateAuthorization.AuthorizedClient client, WaitPreference wait)
      throws IOException {
    boolean isLarge = body.length() > MIN_LARGE_BODY;
    if (isLarge) {
      largeBodyLock.lock();
    }
    try {
      CreateRequest request =
          CreateRequestReader.read(
              body, settings.maxTargets(), (root, index) -> requireUsable(client, root, index));
      return downloads.create(
          request, wait.time(), id -> log.info("Download {} is for {}", id, client.name()));
    } finally {
      if (isLarge) {
        largeBodyLock.unlock();
      }
    }
  }

  private Response answer(ClientRoute route, WaitPreference wait, Download download) {
    boolean ready = download.state() == Download.State.READY;
    Response.ResponseBuilder response =
        Response.status(ready ? CREATED : ACCEPTED)
            .header(HttpHeaders.LOCATION, answers.statusUrl(route, download))
            .type(AnswerWriter.JSON)
            .entity(answers.created(route, download));
    if (!ready) {
      response.header(HttpHeaders.RETRY_AFTER, ErrorCode.NOT_READY.retryAfterSeconds());
    }
    if (wait.applied() != null) {
      response.header("Preference-Applied", wait.applied());
    }
    return response.build();
  }

  /** Refuses "create/" and "create;x", which Jersey takes too, but the rules of a proxy do not. */
  private static void requireExactPath(HttpServletRequest http) {
    if (!http.getRequestURI().equals(http.getContextPath() + "/create")) {
      throw new LadingException(ErrorCode.NOT_FOUND, "There is no such page");
    }
  }

  private void requireUsable(CreateAuthorization.AuthorizedClient client, String root, int index) {
    LadingException fault = null;
    if (!rootNames.contains(root)) {
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
