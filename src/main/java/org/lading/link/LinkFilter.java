package org.lading.link;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRouteFinder;
import org.lading.api.DownloadStatusPage;
import org.lading.base.AcceptHeader;
import org.lading.download.Download;
import org.lading.download.TransferRequest;
import org.lading.download.link.Link;
import org.lading.download.link.LinkService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.http.ArchiveReply;
import org.lading.http.ErrorReply;
import org.lading.http.ManifestReply;
import org.lading.http.SourceChecks;
import org.lading.metrics.Metrics;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET, HEAD /zip/...}: serves the archive that a plain link asks for, as the pages of a
 * download do, as soon as it is prepared. No thread waits for that.
 */
public final class LinkFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final Map<String, String> HEADERS =
      Map.of("X-Robots-Tag", "noindex, nofollow", "Referrer-Policy", "no-referrer");

  /** The maximum time that a HEAD, or a person, waits for an archive without an answer. */
  private static final Duration MAX_SHORT_WAIT = Duration.ofSeconds(2);

  private static final int SERVICE_UNAVAILABLE = 503;
  private static final String STATE = LinkFilter.class.getName();
  private static final Logger log = LoggerFactory.getLogger(LinkFilter.class);

  private final transient LinkReader reader;
  private final transient LinkService links;
  private final transient Duration wait;
  private final transient Replies replies;

  /**
   * What makes the replies to requests whose archive is ready.
   *
   * @param routes tells how a client comes
   * @param answers tell who makes the archive
   * @param checks find out whether sources have changed
   * @param metrics counts the outcomes
   */
  public record Replies(
      ClientRouteFinder routes,
      AnswerWriter answers,
      SourceChecks checks,
      ManifestReply manifests,
      ArchiveReply archives,
      Metrics metrics) {}

  /** What is known of a request between two calls of the filter. */
  private static final class State {
    private final Link link;
    private @Nullable Download given;
    private @Nullable Throwable failure;
    private boolean isRenewed;

    State(Link link) {
      this.link = link;
    }
  }

  /**
   * Makes a filter.
   *
   * @param wait the time that a program waits for an archive without an answer
   */
  public LinkFilter(LinkReader reader, LinkService links, Duration wait, Replies replies) {
    this.reader = reader;
    this.links = links;
    this.wait = wait;
    this.replies = replies;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      if (request.getDispatcherType() == DispatcherType.ASYNC
          && request.getAttribute(STATE) instanceof State state) {
        resume(state, request, response);
        return;
      }
      LinkPath path = LinkPath.parse(pathInContext(request));
      if (path == null) {
        chain.doFilter(request, response);
        return;
      }
      if (!METHODS.contains(request.getMethod())) {
        throw new LadingException(
            ErrorCode.METHOD_NOT_ALLOWED, "This page takes GET and HEAD only");
      }
      replies.routes().route(request);
      State state = new State(reader.link(path, request));
      request.setAttribute(STATE, state);
      await(state, null, request, response);
    } catch (RuntimeException e) {
      fail(e, request, response);
    }
  }

  private static String pathInContext(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  /** Goes on with a request whose archive was prepared, or checked, or could not be begun. */
  private void resume(State state, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Throwable failure = ArchiveReply.failure(request);
    Download checked = SourceChecks.checked(request);
    SourceChecks.forget(request);
    if (state.failure != null) {
      fail(state.failure, request, response);
    } else if (failure != null) {
      renewOrFail(state, failure, request, response);
    } else if (checked != null) {
      send(state, checked, request, response);
    } else if (state.given != null) {
      serve(state, state.given, request, response);
    }
  }

  /** Has an archive whose sources have changed prepared anew, once for each request. */
  private void renewOrFail(
      State state, Throwable failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean isChanged =
        failure instanceof LadingException known && known.code() == ErrorCode.CHANGED;
    if (!isChanged || state.isRenewed || response.isCommitted()) {
      fail(failure, request, response);
      return;
    }
    state.isRenewed = true;
    response.reset();
    Download changed = state.given;
    state.given = null;
    await(state, changed, request, response);
  }

  private void await(
      State state,
      @Nullable Download changed,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    CompletableFuture<Download> found = links.find(state.link, patience(request), changed);
    if (found.isDone() && !found.isCompletedExceptionally()) {
      state.given = found.join();
      serve(state, state.given, request, response);
      return;
    }
    AsyncContext async = request.startAsync();
    // The wait has its own limit.
    async.setTimeout(0);
    var unused =
        found.whenComplete(
            (download, failure) -> {
              state.given = download;
              state.failure = failure instanceof CompletionException ? failure.getCause() : failure;
              dispatch(async, state.link);
            });
  }

  private static void dispatch(AsyncContext async, Link link) {
    try {
      async.dispatch();
    } catch (IllegalStateException | UnsupportedOperationException e) {
      // Tomcat throws the latter when it has begun to undeploy the application.
      log.debug("Link {}: the request was ended by its container", link.key(), e);
    }
  }

  private Duration patience(HttpServletRequest request) {
    if (isForPageAlone(request)) {
      return Duration.ZERO;
    }
    boolean isShort =
        request.getMethod().equals("HEAD")
            || AcceptHeader.prefersHtml(request.getHeaders("Accept"));
    return isShort && wait.compareTo(MAX_SHORT_WAIT) > 0 ? MAX_SHORT_WAIT : wait;
  }

  private void serve(
      State state, Download download, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (download.state() != Download.State.READY) {
      sendNotReady(state, download, request, response);
      return;
    }
    if (isForPageAlone(request)) {
      sendPage(state, download, HttpServletResponse.SC_OK, request, response);
      return;
    }
    state.given = download;
    if (isModZip(download, request) && request.getMethod().equals("GET")) {
      replies.manifests().hold(download);
    }
    if (replies.checks().canDetectChanges(download)) {
      replies.checks().begin(download, request);
    } else {
      send(state, download, request, response);
    }
  }

  /**
   * Returns whether a request is for the page about the archive: the script of that page looks how
   * far the preparation is, and the archive itself begins when the browser is led to its address.
   */
  private static boolean isForPageAlone(HttpServletRequest request) {
    return AcceptHeader.wantsOnlyHtml(request.getHeaders("Accept"));
  }

  /** Tells a program to come back, and shows a person the page that comes back by itself. */
  private void sendNotReady(
      State state, Download download, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!AcceptHeader.prefersHtml(request.getHeaders("Accept"))) {
      throw new LadingException(ErrorCode.NOT_READY, "The archive is being prepared");
    }
    replies.metrics().linked(ErrorCode.NOT_READY.code());
    response.setIntHeader("Retry-After", ErrorCode.NOT_READY.retryAfterSeconds());
    sendPage(state, download, SERVICE_UNAVAILABLE, request, response);
  }

  private void sendPage(
      State state,
      Download download,
      int status,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    HtmlPage page =
        DownloadStatusPage.of(
            replies.answers(),
            Texts.of(request.getHeaders("Accept-Language")),
            replies.routes().route(request),
            download.named(state.link.name()),
            "");
    response.setStatus(status);
    HEADERS.forEach(response::setHeader);
    page.headers().forEach(response::setHeader);
    response.setContentType(HtmlPage.CONTENT_TYPE);
    byte[] body = page.html().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private boolean isModZip(Download download, HttpServletRequest request) {
    return replies.answers().choice(replies.routes().route(request), download).isModZip();
  }

  private void send(
      State state, Download ready, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Download download = ready.named(state.link.name());
    HEADERS.forEach(response::setHeader);
    // The next archive of the same link may be another one: browsers ask whether it is.
    response.setHeader("Cache-Control", "private, no-cache");
    replies.metrics().linked("ready");
    ArchiveReply.Asker asker =
        new ArchiveReply.Asker(TransferRequest.Page.LINK, state.link.client());
    if (isModZip(download, request) && replies.manifests().canBeAssembled(download, request)) {
      boolean head = request.getMethod().equals("HEAD");
      replies.manifests().sendArchive(download, asker, head, request, response);
    } else {
      replies.archives().send(download, asker, request, response);
    }
  }

  private void fail(Throwable thrown, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Throwable failure = LinkFailure.of(thrown);
    ErrorCode code = LadingException.codeOf(failure);
    replies.metrics().linked(code.code());
    Map<String, String> headers = new HashMap<>(HEADERS);
    if (code == ErrorCode.METHOD_NOT_ALLOWED) {
      headers.put("Allow", "GET, HEAD");
    }
    int status = code == ErrorCode.NOT_READY ? SERVICE_UNAVAILABLE : ErrorReply.NO_STATUS;
    ErrorReply.send(request, response, failure, "A link", headers, status);
  }
}
