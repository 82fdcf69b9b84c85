package org.lading.api.create;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.lading.access.Client;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.api.ClientRouteFinder;
import org.lading.api.WaitPreference;
import org.lading.base.PrintableText;
import org.lading.base.RequestNotes;
import org.lading.body.BodyFilter;
import org.lading.body.SpooledBody;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.metrics.Metrics;
import org.lading.request.CreateRequestReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /create}: creates the download that the JSON body asks for, and answers when it is
 * ready or the client's waiting time is up.
 */
@Path("create")
public final class CreateResource {
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final Logger log = LoggerFactory.getLogger(CreateResource.class);

  private final DownloadService downloads;
  private final CreateAdmission admission;
  private final CreateSettings settings;
  private final RequestChecks checks;
  private final Executor largeBodies;
  private final ClientRouteFinder routes;
  private final AnswerWriter answers;
  private final Metrics metrics;

  /**
   * Makes the resource.
   *
   * @param admission has decided about the requests
   * @param checks what the requests are held to
   * @param largeBodies reads large bodies, few at a time
   */
  public CreateResource(
      DownloadService downloads,
      CreateAdmission admission,
      RequestChecks checks,
      Executor largeBodies,
      ClientRouteFinder routes,
      AnswerWriter answers) {
    this.downloads = downloads;
    this.admission = admission;
    this.settings = admission.settings();
    this.checks = checks;
    this.largeBodies = largeBodies;
    this.routes = routes;
    this.answers = answers;
    this.metrics = admission.metrics();
  }

  /**
   * Answers 201 if the download is ready in time, else 202, with its status URL in {@code
   * Location}. No thread waits.
   */
  @POST
  public CompletionStage<Response> create(@Context HttpServletRequest http) throws IOException {
    try {
      return begin(http).whenComplete(this::count).exceptionally(this::refused);
    } catch (LadingException e) {
      count(null, e);
      throw settings.rules().form().refusal(e);
    } catch (IOException | RuntimeException e) {
      count(null, e);
      throw e;
    }
  }

  private Response refused(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    throw new CompletionException(
        cause instanceof LadingException known ? settings.rules().form().refusal(known) : cause);
  }

  private void count(@Nullable Response answer, @Nullable Throwable failure) {
    if (answer != null) {
      metrics.created(answer.getStatus() == CREATED ? "ready" : "pending");
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    metrics.created(LadingException.codeOf(cause).code());
  }

  private CompletionStage<Response> begin(HttpServletRequest http) throws IOException {
    CreateAdmission.requireExactPath(http, "/create");
    Client client = admission.client(http);
    WaitPreference wait = WaitPreference.of(http.getHeaders("Prefer"), settings.defaultWait());
    ClientRoute route = routes.route(http);
    SpooledBody body = BodyFilter.take(http);
    RequestNotes notes = RequestNotes.of(http.getAttribute(RequestNotes.ATTRIBUTE));
    CompletionStage<Download> created;
    if (body.length() < CreateAdmission.MIN_LARGE_BODY) {
      created = create(body, client, route, wait, notes);
    } else {
      created =
          CompletableFuture.supplyAsync(() -> create(body, client, route, wait, notes), largeBodies)
              .thenCompose(download -> download);
    }
    DeliveryFilter.Delivery delivery = DeliveryFilter.delivery(http);
    Map<String, String> limitFields = CreateAdmission.limitFields(http);
    long began = System.nanoTime();
    return created.thenApply(
        download -> {
          if (wait.mayHaveLeft(System.nanoTime() - began, download.state().isSettled())) {
            delivery.whenFailed(() -> discard(download));
          }
          return answer(route, wait, download, limitFields);
        });
  }

  /** Deletes a download whose client waited in vain, and left before it had the id. */
  private void discard(Download download) {
    if (downloads.discard(download)) {
      log.info(
          "Download {} is deleted: its client left before it had the id",
          PrintableText.ofId(download.id()));
    }
  }

  private CompletionStage<Download> create(
      SpooledBody body, Client client, ClientRoute route, WaitPreference wait, RequestNotes notes) {
    try (body) {
      CreateRequest request =
          CreateRequestReader.read(body::open, checks.of(client, route))
              .by(notes.address(), notes.userAgent());
      return downloads.create(
          client.name(),
          request,
          wait.time(),
          id -> log.info("Download {} is for {}", PrintableText.ofId(id), client.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Response answer(
      ClientRoute route, WaitPreference wait, Download download, Map<String, String> limitFields) {
    boolean ready = download.state() == Download.State.READY;
    Response.ResponseBuilder response =
        Response.status(ready ? CREATED : ACCEPTED)
            .header(HttpHeaders.LOCATION, answers.statusUrl(route, download))
            .type(AnswerWriter.JSON)
            .entity(answers.created(route, download));
    limitFields.forEach(response::header);
    if (!ready) {
      response.header(HttpHeaders.RETRY_AFTER, ErrorCode.NOT_READY.retryAfterSeconds());
    }
    if (wait.applied() != null) {
      response.header("Preference-Applied", wait.applied());
    }
    return response.build();
  }
}
