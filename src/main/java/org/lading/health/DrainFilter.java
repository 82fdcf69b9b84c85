package org.lading.health;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.http.ErrorReply;

/**
 * Refuses requests that begin something new, which all are POST, while the node is about to stop.
 * All others it passes on, those among them whose body has come meanwhile.
 */
public final class DrainFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private final transient Readiness readiness;

  /** Makes a filter of a node. */
  public DrainFilter(Readiness readiness) {
    this.readiness = readiness;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (readiness.isDraining()
        && request.getMethod().equals("POST")
        && request.getDispatcherType() == DispatcherType.REQUEST) {
      ErrorReply.send(
          request,
          response,
          new LadingException(ErrorCode.STOPPING, "Lading is about to stop"),
          "Lading");
    } else {
      chain.doFilter(request, response);
    }
  }
}
