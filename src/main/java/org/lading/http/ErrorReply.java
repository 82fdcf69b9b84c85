package org.lading.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.lading.error.ErrorAnswer;

/** Sends failures as replies. */
public final class ErrorReply {
  private ErrorReply() {}

  /**
   * Replaces whatever was about to be sent by the failure.
   *
   * @param about what the log says in front: {@code Download ID}, say
   * @throws IOException if the response is on its way already: the container then cuts the
   *     connection, so that the client sees a broken reply and not a short one
   */
  public static void send(HttpServletResponse response, Throwable failure, String about)
      throws IOException {
    send(response, failure, about, Map.of());
  }

  /** As above, with further headers. */
  static void send(
      HttpServletResponse response, Throwable failure, String about, Map<String, String> headers)
      throws IOException {
    if (response.isCommitted()) {
      throw new IOException("the reply failed after its beginning was sent", failure);
    }
    ErrorAnswer answer = ErrorAnswer.of(failure, about);
    response.reset();
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    headers.forEach(response::setHeader);
    response.setContentType(ErrorAnswer.CONTENT_TYPE);
    byte[] body = answer.json().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
