package org.lading.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes all requests to a chain that can be replaced while the container runs. A request that has
 * become asynchronous stays with its chain.
 */
final class ChainServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String VISIT = Visit.class.getName();

  private transient volatile RequestChain chain;
  private transient boolean isDestroyed;

  /** Makes a servlet with its first chain. */
  ChainServlet(RequestChain chain) {
    this.chain = chain;
  }

  /**
   * Passes requests to another chain from now on. The chain before is not closed.
   *
   * @return whether that is so; not if the container has destroyed this servlet
   */
  synchronized boolean replace(RequestChain next) {
    if (!isDestroyed) {
      chain = next;
    }
    return !isDestroyed;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    Visit visit = (Visit) request.getAttribute(VISIT);
    if (visit == null) {
      visit = begin();
      request.setAttribute(VISIT, visit);
    }
    VisitedRequest mine = new VisitedRequest(request, visit);
    try {
      visit.chain().service(mine, response);
    } finally {
      if (!mine.hasStartedAsync) {
        visit.end();
      }
    }
  }

  private Visit begin() {
    while (true) {
      RequestChain now = chain;
      // Between the two lines it may have been replaced and closed.
      if (now.enter()) {
        return new Visit(now);
      }
    }
  }

  @Override
  public synchronized void destroy() {
    if (!isDestroyed) {
      isDestroyed = true;
      chain.close();
    }
  }

  /** One request from its beginning to its end, however often it is dispatched. */
  private static final class Visit implements AsyncListener {
    private final RequestChain chain;
    private final AtomicBoolean hasEnded = new AtomicBoolean();

    Visit(RequestChain chain) {
      this.chain = chain;
    }

    RequestChain chain() {
      return chain;
    }

    void end() {
      if (hasEnded.compareAndSet(false, true)) {
        chain.leave();
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // Completion follows.
    }

    @Override
    public void onError(AsyncEvent event) {
      // Completion follows.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }

  /**
   * Has a visit hear of the end of asynchronous work from its beginning: it may be over before the
   * chain has returned.
   */
  private static final class VisitedRequest extends HttpServletRequestWrapper {
    private final Visit visit;
    private boolean hasStartedAsync;

    VisitedRequest(HttpServletRequest request, Visit visit) {
      super(request);
      this.visit = visit;
    }

    @Override
    public AsyncContext startAsync() {
      return heard(super.startAsync());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
      return heard(super.startAsync(request, response));
    }

    private AsyncContext heard(AsyncContext started) {
      hasStartedAsync = true;
      started.addListener(visit);
      return started;
    }
  }
}
