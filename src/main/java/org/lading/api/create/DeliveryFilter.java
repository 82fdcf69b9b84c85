package org.lading.api.create;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.lading.api.AnswerWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that an answer does not reach its client.
 *
 * <p>Neither Tomcat nor Jetty tells that a client of HTTP/1.1 has closed its connection: they look
 * at it again when they write. And the first write to a closed connection succeeds, since the
 * system learns only from the reply to it that nobody is there. So the last byte of a watched
 * answer is written some time after the others: a client that gets it has the answer.
 */
public final class DeliveryFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private static final Logger log = LoggerFactory.getLogger(DeliveryFilter.class);
  private static final String DELIVERY = DeliveryFilter.class.getName();

  /** The time in which a system on the way replies that a connection is closed. */
  private static final long PAUSE_MILLIS = 50;

  /** The delivery of one answer, which is watched if there is an action. */
  static final class Delivery {
    private final HttpServletResponse response;
    private volatile @Nullable Runnable action;
    private boolean isBegun;

    Delivery(HttpServletResponse response) {
      this.response = response;
    }

    /**
     * Sends a space before an answer in JSON, of which the status is then 200 whatever becomes of
     * it, so that proxies go on waiting. To be called on any thread until {@link #begin}, after
     * which it does nothing.
     *
     * @throws IOException if the client is not there any more
     */
    synchronized void sendSpace() throws IOException {
      if (isBegun) {
        return;
      }
      if (!response.isCommitted()) {
        response.setContentType(AnswerWriter.JSON);
      }
      ServletOutputStream out = response.getOutputStream();
      out.write(' ');
      out.flush();
    }

    /** Ends the spaces: the answer follows. */
    synchronized void begin() {
      isBegun = true;
    }

    /** Has an action run if the answer cannot be written to its end; to be called before that. */
    void whenFailed(Runnable newAction) {
      action = newAction;
    }
  }

  /** Returns the delivery of the answer to a request. */
  static Delivery delivery(HttpServletRequest request) {
    return (Delivery) request.getAttribute(DELIVERY);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Delivery delivery = new Delivery(response);
    request.setAttribute(DELIVERY, delivery);
    chain.doFilter(request, new WatchedResponse(response, delivery));
  }

  private static final class WatchedResponse extends HttpServletResponseWrapper {
    private final Delivery delivery;

    WatchedResponse(HttpServletResponse response, Delivery delivery) {
      super(response);
      this.delivery = delivery;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      return new WatchedOutputStream(super.getOutputStream(), delivery);
    }
  }

  /** Takes an answer in one piece, and sends it at once if it is watched. */
  private static final class WatchedOutputStream extends ServletOutputStream {
    private final ServletOutputStream out;
    private final Delivery delivery;

    WatchedOutputStream(ServletOutputStream out, Delivery delivery) {
      this.out = out;
      this.delivery = delivery;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Runnable action = delivery.action;
      if (action == null || length == 0) {
        out.write(bytes, offset, length);
        return;
      }
      try {
        int last = offset + length - 1;
        out.write(bytes, offset, last - offset);
        out.flush();
        pause();
        out.write(bytes, last, 1);
        out.flush();
      } catch (IOException e) {
        log.debug("An answer was not delivered", e);
        action.run();
        throw e;
      }
    }

    private static void pause() {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
