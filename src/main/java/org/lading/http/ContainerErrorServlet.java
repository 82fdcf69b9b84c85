package org.lading.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Replies, in place of a page of the container, to requests that the container refuses itself, and
 * to those whose handling threw something unforeseen; {@code web.xml} names it as the error page.
 */
public final class ContainerErrorServlet extends HttpServlet {
  /** The path below the context path; called directly, it is a page that does not exist. */
  public static final String PATH = "/error";

  private static final long serialVersionUID = 1L;
  private static final int FIRST_SERVER_ERROR = 500;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Integer status = (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    if (response.isCommitted()) {
      // The container is about to cut the connection, and this would be appended to the body.
      return;
    }
    if (status == null) {
      LadingException none = LadingException.ofStatus(ErrorCode.NOT_FOUND.status());
      ErrorReply.send(request, response, none, "Lading");
      return;
    }
    String allowed = response.getHeader("Allow");
    ErrorReply.send(
        request,
        response,
        failure(status, (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION)),
        "Lading",
        allowed == null ? Map.of() : Map.of("Allow", allowed));
    if (status < FIRST_SERVER_ERROR) {
      response.setStatus(status);
    }
  }

  /** A failure to read or write is one of the client, for which Tomcat says 500, too. */
  private static Throwable failure(int status, @Nullable Throwable thrown) {
    if (status < FIRST_SERVER_ERROR || thrown instanceof IOException) {
      return LadingException.ofStatus(status);
    }
    return thrown == null ? new IllegalStateException("the container says " + status) : thrown;
  }
}
