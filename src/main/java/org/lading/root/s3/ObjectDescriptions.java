package org.lading.root.s3;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lading.base.LogContext;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.s3.listing.ListedObject;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Completes the objects of listings with a HEAD each, several at once: those without a size or a
 * time, and those of an archive's storage class, since only AWS's listings tell whether an object
 * was restored.
 */
final class ObjectDescriptions {
  private static final int NOT_FOUND = 404;

  /** The maximum time for which the sink is not called while an answer is awaited. */
  private static final long MAX_SILENT_MILLIS = 500;

  private final S3RootSettings settings;
  private final S3Clients clients;
  private final SingleObjectLookup lookup;

  ObjectDescriptions(S3RootSettings settings, S3Errors errors, S3Clients clients) {
    this.settings = settings;
    this.clients = clients;
    this.lookup = new SingleObjectLookup(settings, errors, clients::callDirectly);
  }

  /**
   * Returns the objects in their order, complete; those that are gone are left out.
   *
   * @param sink counts the calls, and takes the refusals of objects that cannot be read
   */
  List<ListedObject> of(List<ListedObject> objects, ItemSink sink) throws InterruptedException {
    if (objects.stream().noneMatch(this::needsHead)) {
      return objects;
    }
    List<Description> descriptions = objects.stream().map(Description::new).toList();
    Iterator<Description> waiting = descriptions.iterator();
    List<ListedObject> described = new ArrayList<>(objects.size());
    try {
      for (Description description : descriptions) {
        description.start(() -> {});
        boolean isFree = true;
        while (isFree && waiting.hasNext()) {
          isFree = waiting.next().startIfPermitted();
        }
        try {
          await(description.call, sink).ifPresent(described::add);
        } catch (LadingException e) {
          if (e.code() != ErrorCode.MISSING_OR_INVALID_TARGET) {
            throw e;
          }
          sink.refuse(e);
        }
        sink.count(1);
      }
      return described;
    } finally {
      descriptions.forEach(Description::cancel);
    }
  }

  /** Waits for a call, and tells a sink so. */
  static <T> T await(Future<T> call, ItemSink sink) throws InterruptedException {
    while (true) {
      try {
        return call.get(MAX_SILENT_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        sink.count(0);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private boolean needsHead(ListedObject object) {
    boolean isFile = !object.key().endsWith("/");
    return !object.isComplete() || (isFile && object.isArchived() && !settings.isAws());
  }

  private Optional<ListedObject> head(ListedObject object) {
    String key = object.key();
    try {
      Item item = lookup.object(key, key.substring(settings.prefix().length()));
      return Optional.of(
          new ListedObject(
              key, item.size(), item.modified(), item.version(), false, false, object.hasCrc32()));
    } catch (LadingException e) {
      if (e.getCause() instanceof AwsServiceException answer && answer.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** One object, and the call that completes it. */
  private final class Description {
    private final FutureTask<Optional<ListedObject>> call;
    private boolean isStarted;
    private Runnable release = () -> {};

    Description(ListedObject object) {
      boolean isComplete = !needsHead(object);
      call =
          new FutureTask<>(
              isComplete ? () -> Optional.of(object) : LogContext.carried(() -> head(object))) {
            @Override
            protected void done() {
              release.run();
            }
          };
      if (isComplete) {
        isStarted = true;
        call.run();
      }
    }

    /** Starts the call if a permit is left; returns whether it is started. */
    boolean startIfPermitted() {
      Semaphore permits = clients.prefetchPermits();
      if (!isStarted && permits.tryAcquire()) {
        start(permits::release);
      }
      return isStarted;
    }

    void start(Runnable whenDone) {
      if (!isStarted) {
        isStarted = true;
        release = whenDone;
        clients.threads().execute(call);
      }
    }

    void cancel() {
      call.cancel(true);
    }
  }
}
