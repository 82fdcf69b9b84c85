package org.lading.app;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Passes all requests to a chain that can be replaced while the container runs. A request that has
 * become asynchronous stays with its chain.
 */
final class ChainServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String CHAIN = RequestChain.class.getName();

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
    RequestChain mine = (RequestChain) request.getAttribute(CHAIN);
    if (mine == null) {
      mine = chain;
      request.setAttribute(CHAIN, mine);
    }
    mine.service(request, response);
  }

  @Override
  public synchronized void destroy() {
    if (!isDestroyed) {
      isDestroyed = true;
      chain.close();
    }
  }
}
