package org.lading.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests to receivers, each within a limited time, whatever the receiver does. */
public final class WebhookClient implements AutoCloseable {
  /** The time for one request, from the look-up of the name to the end of the answer. */
  public static final Duration MAX_TIME = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(WebhookClient.class);

  private final ExecutorService resolvers;
  private final ScheduledExecutorService timer;
  private final Duration maxTime;
  private final Set<WebhookRequest> running = ConcurrentHashMap.newKeySet();
  private @Nullable SSLSocketFactory tls;
  private volatile boolean isClosed;

  /**
   * The answer of a receiver.
   *
   * @param retryAfter the time for which it wants no other request, or null
   */
  record Answer(int status, @Nullable Duration retryAfter) {}

  /**
   * Makes a client.
   *
   * @param resolvers look names up, which may block for longer than a request may take
   * @param timer ends requests that take too long
   */
  public WebhookClient(ExecutorService resolvers, ScheduledExecutorService timer) {
    this(resolvers, timer, MAX_TIME);
  }

  /** As above, with another limit. */
  WebhookClient(ExecutorService resolvers, ScheduledExecutorService timer, Duration maxTime) {
    this.resolvers = resolvers;
    this.timer = timer;
    this.maxTime = maxTime;
  }

  /**
   * Sends JSON to a receiver.
   *
   * @param headers those of the message
   * @throws IOException if there is none; the message has nothing of the path and the query
   */
  Answer post(WebhookAddress address, Map<String, String> headers, byte[] json) throws IOException {
    long deadline = System.nanoTime() + maxTime.toNanos();
    List<InetAddress> addresses = resolve(address.host());
    try (WebhookRequest request = new WebhookRequest(address, this::tls)) {
      running.add(request);
      Future<?> limit =
          timer.schedule(() -> close(request), deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      try {
        if (isClosed) {
          throw new IOException("Lading stops");
        }
        return request.post(addresses, headers, json);
      } catch (IOException e) {
        throw deadline - System.nanoTime() > 0 ? e : tooLong("no answer", e);
      } finally {
        limit.cancel(false);
        running.remove(request);
      }
    }
  }

  private List<InetAddress> resolve(String host) throws IOException {
    Future<List<InetAddress>> addresses = resolvers.submit(() -> ReceiverAddresses.of(host));
    try {
      return addresses.get(maxTime.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (TimeoutException | CancellationException e) {
      addresses.cancel(true);
      throw tooLong("no address of " + host, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private IOException tooLong(String what, Exception cause) {
    IOException failure =
        new SocketTimeoutException(what + " within " + maxTime.toSeconds() + " seconds");
    failure.initCause(cause);
    return failure;
  }

  /** Returns what makes TLS of connections, with the certificates that Java trusts. */
  private synchronized SSLSocketFactory tls() {
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

  private static void close(WebhookRequest request) {
    try {
      request.close();
    } catch (IOException e) {
      log.warn("A connection to a receiver did not close", e);
    }
  }

  /** Ends the running requests, and sends no more. */
  @Override
  public void close() {
    isClosed = true;
    running.forEach(WebhookClient::close);
  }
}
