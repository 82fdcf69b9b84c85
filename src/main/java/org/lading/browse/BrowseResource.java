package org.lading.browse;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lading.access.Access;
import org.lading.access.FormFields;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.api.ClientRouteFinder;
import org.lading.api.Pages;
import org.lading.api.create.CreateAdmission;
import org.lading.base.PrintableText;
import org.lading.body.BodyFilter;
import org.lading.body.SpooledBody;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.metrics.Metrics;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.lading.request.RequestRules;
import org.lading.root.DirectoryPage;
import org.lading.root.Root;
import org.lading.root.Roots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /browse/{root}/{path}/}: what lies in a directory, as a page or as JSON; {@code POST}
 * of its form makes a download of what is ticked.
 */
@Path("browse/{root}{path: (/.*)?}")
@Produces({AnswerWriter.JSON, HtmlPage.CONTENT_TYPE})
public final class BrowseResource {
  private static final Logger log = LoggerFactory.getLogger(BrowseResource.class);

  /** The number of entries on a page. */
  private static final int PAGE_SIZE = 500;

  private static final int SEE_OTHER = 303;

  /**
   * The time for which the answer to a form waits for the download: most faults show by then, and
   * are told on the page with the ticks.
   */
  private static final Duration WAIT = Duration.ofSeconds(2);

  private final Roots roots;
  private final Access access;
  private final DownloadService downloads;
  private final BrowseThreads threads;
  private final ClientRouteFinder routes;
  private final CreateAdmission admission;
  private final Metrics metrics;
  private final RequestRules rules;

  /**
   * Makes the resource.
   *
   * @param routes refuses requests under names that are not the server's
   * @param admission counts the creates, and has the settings of their requests
   */
  public BrowseResource(
      Roots roots,
      Access access,
      DownloadService downloads,
      BrowseThreads threads,
      ClientRouteFinder routes,
      CreateAdmission admission) {
    this.roots = roots;
    this.access = access;
    this.downloads = downloads;
    this.threads = threads;
    this.routes = routes;
    this.admission = admission;
    this.metrics = admission.metrics();
    this.rules = admission.settings().rules();
  }

  /** Answers with one page of a directory. */
  @GET
  public CompletionStage<Response> show(
      @Context HttpServletRequest http,
      @PathParam("root") String root,
      @PathParam("path") String path) {
    Visit visit = visit(http, root, path);
    return threads.run(() -> shown(visit));
  }

  private Visit visit(HttpServletRequest http, String root, String path) {
    ClientRoute unused = routes.route(http);
    return Visit.of(http, access, root, path);
  }

  private Response shown(Visit visit) {
    DirectoryPage page;
    try {
      page = page(visit);
    } catch (LadingException e) {
      throw e.code() == ErrorCode.MISSING_OR_INVALID_TARGET
          ? new LadingException(ErrorCode.NOT_FOUND, e.sentence(), e)
          : e;
    }
    Texts texts = visit.texts();
    if (texts != null) {
      return Pages.answer(Response.ok(), BrowsePage.of(visit, texts, page, rules.names()));
    }
    return Response.ok(BrowseAnswer.directory(visit.place(), page, rules.names()))
        .type(AnswerWriter.JSON)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .header(HttpHeaders.VARY, "Accept")
        .build();
  }

  private DirectoryPage page(Visit visit) {
    Root root = roots.find(visit.place().root());
    if (root == null) {
      throw new LadingException(ErrorCode.NOT_FOUND, "There is no such page");
    }
    return root.page(visit.place().path(), visit.step().cursor(), PAGE_SIZE);
  }

  /**
   * Creates the download and answers 303 to its status; what cannot be created comes back as the
   * page with the reason, and all ticks. With the field {@code to}, the query of another page of
   * the directory, that page is shown with all ticks, and nothing is created.
   */
  @POST
  public CompletionStage<Response> create(
      @Context HttpServletRequest http,
      @PathParam("root") String root,
      @PathParam("path") String path) {
    Visit visit = visit(http, root, path);
    SpooledBody body = BodyFilter.take(http);
    Runnable counting = admission.counting(visit.grant().client(), http);
    return threads
        .run(() -> fields(body))
        .whenComplete((fields, failure) -> countFailure(failure))
        .thenCompose(fields -> created(visit, fields, counting));
  }

  private CompletionStage<Response> created(Visit visit, FormFields fields, Runnable counting) {
    Selection selection = Selection.of(fields);
    Visit there =
        visit.at(
            new Visit.Step(
                FormFields.decode(fields.value("after"), "after"),
                fields.all("trail").stream()
                    .map(cursor -> FormFields.decode(cursor, "trail"))
                    .toList()));
    String to = fields.find("to");
    if (to != null) {
      return threads.run(() -> turned(there, Visit.Step.of(FormFields.parse(to)), selection));
    }
    return begin(there, selection, counting)
        .whenComplete((download, failure) -> countFailure(failure))
        .thenApply(download -> seeStatus(there, download))
        .<CompletionStage<Response>>handle(
            (answer, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(answer)
                    : threads.run(() -> refused(there, selection, cause(failure))))
        .thenCompose(Function.identity());
  }

  /** Shows another page of the directory with what is chosen; the same page if that is too much. */
  private Response turned(Visit from, Visit.Step to, Selection selection) {
    Visit visit = from.at(to);
    Texts texts = visit.texts();
    if (texts == null || selection.equals(BrowsePage.nothing(visit))) {
      return Response.status(SEE_OTHER)
          .header(HttpHeaders.LOCATION, visit.address(visit.place(), to))
          .build();
    }
    return selection.isTooMany()
        ? Pages.answer(
            Response.status(ErrorCode.TOO_LARGE.status()),
            BrowsePage.of(from, texts, page(from), rules.names(), selection))
        : Pages.answer(
            Response.ok(), BrowsePage.of(visit, texts, page(visit), rules.names(), selection));
  }

  private CompletableFuture<Download> begin(Visit visit, Selection selection, Runnable counting) {
    try {
      CreateRequest request =
          selection
              .request(visit.place(), visit.grant(), rules)
              .by(visit.notes().address(), visit.notes().userAgent());
      String client = visit.grant().client();
      counting.run();
      return downloads.create(
          client,
          request,
          WAIT,
          id -> log.info("Download {} is for {}", PrintableText.ofId(id), client));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Response seeStatus(Visit visit, Download download) {
    metrics.created(download.state() == Download.State.READY ? "ready" : "pending");
    String status = visit.up() + download.root() + "/" + download.id() + "/status";
    return Response.status(SEE_OTHER).header(HttpHeaders.LOCATION, status).build();
  }

  /** Shows the page again; fails with the reason for a program, and for what is not its fault. */
  private Response refused(Visit visit, Selection selection, Throwable reason) {
    Texts texts = visit.texts();
    if (texts == null || !(reason instanceof LadingException why) || !isOfTheChoice(why.code())) {
      throw reason instanceof RuntimeException known ? known : new IllegalStateException(reason);
    }
    HtmlPage page =
        BrowsePage.of(visit, texts, page(visit), rules.names(), selection, why.failure());
    return Pages.answer(Response.status(why.code().status()), page);
  }

  private static boolean isOfTheChoice(ErrorCode code) {
    return switch (code) {
      case MISSING_OR_INVALID_TARGET, INVALID_NAME, EMPTY, TOO_LARGE, CHANGED, UNREADABLE -> true;
      default -> false;
    };
  }

  private static FormFields fields(SpooledBody body) {
    try (body) {
      byte[] bytes = body.open(0).readAllBytes();
      return FormFields.parse(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void countFailure(@Nullable Throwable failure) {
    if (failure != null) {
      metrics.created(LadingException.codeOf(cause(failure)).code());
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
