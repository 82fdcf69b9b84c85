package org.lading.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.lading.base.RequestNotes;
import org.lading.http.header.ClientAddress;

/**
 * Notes who sends a request, and counts every request once, when it has been answered, by its page
 * and its status.
 */
public final class RequestCounter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private final transient Observer observer;
  private final transient ClientAddress addresses;

  /** Receives the end of every request. */
  @FunctionalInterface
  public interface Observer {
    /**
     * Receives the end of a request.
     *
     * @param page the word of the page, see {@link PageKind}
     * @param status the status of the answer, also of one that was broken off
     * @param notes what is known of the request
     */
    void answered(String page, int status, RequestNotes notes);
  }

  /**
   * Makes a filter, which comes before all that answer.
   *
   * @param addresses finds the addresses of clients
   */
  public RequestCounter(Observer observer, ClientAddress addresses) {
    this.observer = observer;
    this.addresses = addresses;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() != DispatcherType.REQUEST) {
      chain.doFilter(request, response);
      return;
    }
    String path = request.getRequestURI().substring(request.getContextPath().length());
    String page = PageKind.of(request.getMethod(), path).word();
    RequestNotes notes = new RequestNotes(addresses.of(request), request.getHeader("User-Agent"));
    request.setAttribute(RequestNotes.ATTRIBUTE, notes);
    boolean isAnswered = false;
    try {
      chain.doFilter(request, response);
      isAnswered = true;
    } finally {
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(new End(page, response, notes));
      } else {
        // What is thrown here, the container answers later.
        int failed = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        observer.answered(page, isAnswered ? response.getStatus() : failed, notes);
      }
    }
  }

  /** The end of a request that is answered on other threads. */
  private final class End implements AsyncListener {
    private final String page;
    private final HttpServletResponse response;
    private final RequestNotes notes;

    private End(String page, HttpServletResponse response, RequestNotes notes) {
      this.page = page;
      this.response = response;
      this.notes = notes;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      observer.answered(page, response.getStatus(), notes);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // The container forgets its listeners when a request that was dispatched anew goes on so.
      event.getAsyncContext().addListener(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}
  }
}
