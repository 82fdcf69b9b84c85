package org.lading.root.s3.client;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * The threads of the SDK for one root.
 *
 * <p>Calls have threads of their own because the SDK's XML parser keeps its last document in a
 * thread local: on a container's thread that would keep an undeployed application in memory. All
 * threads have ended when the last root is closed; the SDK does not wait for its own, so that a
 * container reports them as leaks.
 */
public final class SdkThreads implements AutoCloseable {
  private static final int TIMEOUT_THREADS = 5;
  private static final long MAX_WAIT_MILLIS = 2000;

  /** The SDK's one thread for all HTTP clients, which ends with the last of them. */
  private static final String REAPER = "idle-connection-reaper";

  private static final AtomicInteger roots = new AtomicInteger();

  private final ExecutorService calls;
  private final ScheduledExecutorService timeouts;

  /** Makes the threads of the root of a name. */
  public SdkThreads(String root) {
    roots.incrementAndGet();
    calls = Executors.newCachedThreadPool(named("sdk-calls-" + root));
    timeouts = Executors.newScheduledThreadPool(TIMEOUT_THREADS, named("sdk-timeouts-" + root));
  }

  /** Returns the executor of calls that no thread waits for at once. */
  public Executor executor() {
    return calls;
  }

  /** Returns the executor of the SDK's timeouts. */
  public ScheduledExecutorService timeouts() {
    return timeouts;
  }

  /** Runs a call of the SDK and waits for it; throws its exception. */
  public <T> T run(Supplier<T> call) {
    return run(call, Duration.ofNanos(Long.MAX_VALUE));
  }

  /** Runs a call of the SDK and waits for it, at most for a time; throws its exception. */
  public <T> T run(Supplier<T> call, Duration maxWait) {
    Handover<T> handover = new Handover<>();
    Future<T> running;
    try {
      running = calls.submit(() -> handover.offer(call.get()));
    } catch (RejectedExecutionException e) {
      throw AbortedException.create("the root is closed", e);
    }
    try {
      return running.get(maxWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      handover.abandon();
      throw AbortedException.create("not answered within " + maxWait, e);
    } catch (InterruptedException e) {
      running.cancel(true);
      handover.abandon();
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Returns a client whose calls run on these threads. */
  public S3Client client(S3Client client) {
    return new PooledS3Client(client);
  }

  /** Ends the threads; called once, after the clients of the root were closed. */
  @Override
  public void close() {
    calls.shutdownNow();
    timeouts.shutdownNow();
    try {
      calls.awaitTermination(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
      timeouts.awaitTermination(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
      if (roots.decrementAndGet() == 0) {
        joinReaper();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for this application's thread only: others in the container may have one, too. */
  private static void joinReaper() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(REAPER)
          && thread.getContextClassLoader() == SdkThreads.class.getClassLoader()) {
        thread.join(MAX_WAIT_MILLIS);
      }
    }
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      // Otherwise it would be the class loader of the request that first needed a thread.
      thread.setContextClassLoader(SdkThreads.class.getClassLoader());
      return thread;
    };
  }

  /** The answer of a call; once no thread waits for it, its connection is closed. */
  private static final class Handover<T> {
    private @Nullable T answer;
    private boolean abandoned;

    synchronized T offer(T given) {
      answer = given;
      abortIfAbandoned();
      return given;
    }

    synchronized void abandon() {
      abandoned = true;
      abortIfAbandoned();
    }

    private void abortIfAbandoned() {
      if (abandoned && answer instanceof Abortable open) {
        open.abort();
      }
    }
  }

  private final class PooledS3Client extends DelegatingS3Client {
    PooledS3Client(S3Client client) {
      super(client);
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
      return run(() -> operation.apply(request));
    }
  }
}
