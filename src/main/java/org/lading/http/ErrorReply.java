package org.lading.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.lading.error.ErrorAnswer;

/** Sends failures as replies. */
public final class ErrorReply {
  private ErrorReply() {}

  /**
   * Replaces whatever was about to be sent by the failure.
   *
   * @throws IOException if the response is on its way already: the container then cuts the
   *     connection, so that the client sees a broken reply and not a short one
   */
  public static void send(HttpServletResponse response, Throwable failure) throws IOException {
    if (response.isCommitted()) {
      throw new IOException("the reply failed after its beginning was sent", failure);
    }
    ErrorAnswer answer = ErrorAnswer.of(failure);
    response.reset();
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setContentType(ErrorAnswer.CONTENT_TYPE);
    response.setContentLength(answer.json().length);
    response.getOutputStream().write(answer.json());
  }
}
