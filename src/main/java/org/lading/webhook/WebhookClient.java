package org.lading.webhook;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Sends requests to receivers, each within a limited time, whatever the receiver does. */
public final class WebhookClient {
  /** The time for one request, from the look-up of the name to the end of the answer. */
  private static final Duration MAX_TIME = Duration.ofSeconds(15);

  private final ExecutorService threads;
  private final Duration maxTime;
  private @Nullable SSLSocketFactory tls;

  /**
   * The answer of a receiver.
   *
   * @param retryAfter the time for which it wants no other request, or null
   */
  record Answer(int status, @Nullable Duration retryAfter) {}

  /**
   * Makes a client.
   *
   * @param threads do what may take longer than a request may: a name server can have a thread wait
   *     that nothing interrupts
   */
  public WebhookClient(ExecutorService threads) {
    this(threads, MAX_TIME);
  }

  /** As above, with another limit. */
  WebhookClient(ExecutorService threads, Duration maxTime) {
    this.threads = threads;
    this.maxTime = maxTime;
  }

  /**
   * Sends JSON to a receiver. If this thread is interrupted, the connection is broken.
   *
   * @param headers those of the message
   * @throws IOException if there is no answer; its message has nothing of the path and the query
   */
  Answer post(WebhookAddress address, Map<String, String> headers, byte[] json) throws IOException {
    try (WebhookRequest request = new WebhookRequest(address, this::tls)) {
      return post(request, () -> request.post(ReceiverAddresses.of(address.host()), headers, json));
    }
  }

  private Answer post(WebhookRequest request, Callable<Answer> work) throws IOException {
    try {
      return threads.submit(work).get(maxTime.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      Answer begun = request.answer();
      if (begun != null) {
        return begun;
      }
      IOException failure =
          new SocketTimeoutException("no answer within " + maxTime.toSeconds() + " seconds");
      failure.initCause(e);
      throw failure;
    } catch (RejectedExecutionException e) {
      throw new IOException("Lading stops", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Lading stops", e);
    }
  }

  /** Returns what makes TLS of connections, with the certificates that Java trusts. */
  synchronized SSLSocketFactory tls() {
    if (tls == null) {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        tls = context.getSocketFactory();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Java's trusted certificates cannot be read", e);
      }
    }
    return tls;
  }
}
