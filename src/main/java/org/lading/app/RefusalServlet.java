package org.lading.app;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.lading.error.LadingException;
import org.lading.http.ErrorReply;

/** Answers all requests with the failure that stands in the way of the application. */
final class RefusalServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private transient volatile LadingException failure;

  /** Makes a servlet that answers with a failure until it is told another one. */
  RefusalServlet(LadingException failure) {
    this.failure = failure;
  }

  /** Makes the chain that has this servlet alone. */
  RequestChain chain() {
    return new RequestChain(List.of(), this);
  }

  /** Answers with another failure from now on. */
  void tell(LadingException other) {
    failure = other;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ErrorReply.send(request, response, failure, "Lading");
  }
}
