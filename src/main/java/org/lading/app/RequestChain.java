package org.lading.app;

import jakarta.servlet.FilterChain;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Filters, in the order in which requests meet them, and the servlet after them. A container takes
 * filters and servlets only while it starts an application; a chain can be made at any time.
 */
final class RequestChain implements AutoCloseable {
  private static final List<String> ALL = List.of();

  /** In place of the number of requests, when the chain is closed. */
  private static final int CLOSED = -1;

  private final List<Step> steps;
  private final Servlet servlet;
  private final AtomicInteger requests = new AtomicInteger();

  /**
   * A filter.
   *
   * @param pages the pages whose requests meet it, each with all below it; empty for all requests
   */
  record Step(HttpFilter filter, List<String> pages) {
    /** Makes a step that all requests meet. */
    static Step ofAll(HttpFilter filter) {
      return new Step(filter, ALL);
    }

    private boolean isMetBy(ServletRequest request) {
      if (pages.isEmpty()) {
        return true;
      }
      String path = ((HttpServletRequest) request).getPathInfo();
      return path != null
          && pages.stream().anyMatch(page -> path.equals(page) || path.startsWith(page + "/"));
    }
  }

  /** Makes a chain that closes its filters and its servlet, which is initialized. */
  RequestChain(List<Step> steps, Servlet servlet) {
    this.steps = List.copyOf(steps);
    this.servlet = servlet;
  }

  /**
   * Begins a request, which {@link #leave} ends.
   *
   * @return whether that is so; not if the chain is closed
   */
  boolean enter() {
    return requests.updateAndGet(now -> now == CLOSED ? CLOSED : now + 1) != CLOSED;
  }

  /** Ends a request. */
  void leave() {
    requests.decrementAndGet();
  }

  /** Closes the chain unless a request is going on; returns whether it is closed. */
  boolean closeIfIdle() {
    if (!requests.compareAndSet(0, CLOSED)) {
      return false;
    }
    close();
    return true;
  }

  /** Has the chain answer a request. */
  void service(ServletRequest request, ServletResponse response)
      throws IOException, ServletException {
    new Position(0).doFilter(request, response);
  }

  /** Ends what the servlet and the filters have begun. */
  @Override
  public void close() {
    servlet.destroy();
    steps.forEach(step -> step.filter().destroy());
  }

  private final class Position implements FilterChain {
    private final int next;

    Position(int next) {
      this.next = next;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response)
        throws IOException, ServletException {
      int at = next;
      while (at < steps.size() && !steps.get(at).isMetBy(request)) {
        at++;
      }
      if (at < steps.size()) {
        steps.get(at).filter().doFilter(request, response, new Position(at + 1));
      } else {
        servlet.service(request, response);
      }
    }
  }
}
