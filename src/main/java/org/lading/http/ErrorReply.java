package org.lading.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.RequestNotes;
import org.lading.error.ErrorAnswer;
import org.lading.error.LadingException;
import org.lading.page.Texts;

/** Replies to a request with a failure: a status, and JSON or, for a browser, a page. */
public final class ErrorReply {
  /** Stands for the status of the failure itself. */
  public static final int NO_STATUS = 0;

  private ErrorReply() {}

  /**
   * Resets the response, and replies with a failure.
   *
   * @param subject the beginning of the log line, such as {@code Download ID}
   * @throws IOException if the response is committed: the container then cuts the connection, so
   *     that the client sees a broken reply and not a short one
   */
  public static void send(
      HttpServletRequest request, HttpServletResponse response, Throwable failure, String subject)
      throws IOException {
    send(request, response, failure, subject, Map.of());
  }

  /** Replies with a failure and additional headers; throws as the method without headers. */
  public static void send(
      HttpServletRequest request,
      HttpServletResponse response,
      Throwable failure,
      String subject,
      Map<String, String> headers)
      throws IOException {
    send(request, response, failure, subject, headers, NO_STATUS);
  }

  /**
   * Replies with a failure and additional headers, under another status than that of its code, or
   * {@link #NO_STATUS}; throws as the method without headers.
   */
  public static void send(
      HttpServletRequest request,
      HttpServletResponse response,
      Throwable failure,
      String subject,
      Map<String, String> headers,
      int status)
      throws IOException {
    requireNotCommitted(response, failure);
    note(request, failure);
    ErrorAnswer answer = ErrorAnswer.of(failure, subject, texts(request));
    send(response, answer, headers, status == NO_STATUS ? answer.status() : status);
  }

  /**
   * Replies with a failure of a page of a download; throws as the others.
   *
   * @param statusLink where the page for a browser leads for the status of the download, or null
   */
  static void sendOfDownload(
      HttpServletRequest request,
      HttpServletResponse response,
      Throwable failure,
      String subject,
      @Nullable String statusLink)
      throws IOException {
    requireNotCommitted(response, failure);
    note(request, failure);
    ErrorAnswer answer = ErrorAnswer.of(failure, subject, texts(request), statusLink);
    send(response, answer, Map.of(), answer.status());
  }

  private static @Nullable Texts texts(HttpServletRequest request) {
    return Texts.ofPage(request.getHeaders("Accept"), request.getHeaders("Accept-Language"));
  }

  private static void note(HttpServletRequest request, Throwable failure) {
    RequestNotes.of(request.getAttribute(RequestNotes.ATTRIBUTE))
        .noteCode(LadingException.codeOf(failure).code());
  }

  private static void requireNotCommitted(HttpServletResponse response, Throwable failure)
      throws IOException {
    if (response.isCommitted()) {
      throw new IOException("the reply failed after its beginning was sent", failure);
    }
  }

  private static void send(
      HttpServletResponse response, ErrorAnswer answer, Map<String, String> headers, int status)
      throws IOException {
    response.reset();
    response.setStatus(status);
    answer.headers().forEach(response::setHeader);
    headers.forEach(response::setHeader);
    response.setContentType(answer.contentType());
    byte[] body = answer.bytes();
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
