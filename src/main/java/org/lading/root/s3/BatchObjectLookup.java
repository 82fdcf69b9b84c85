package org.lading.root.s3;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.lading.base.LogContext;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.KeyOrderException;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds many objects by their paths, with several calls under way at once: by listings where those
 * are cheaper, else with a HEAD each. A listing begins after one of the wanted objects, so that the
 * next one is likely to be in its first page.
 */
final class BatchObjectLookup {
  private static final Logger log = LoggerFactory.getLogger(BatchObjectLookup.class);

  /** The price of a listing at AWS, in HEADs. */
  private static final int HEADS_PER_LISTING = 12;

  /** The maximum number of objects of one directory that are looked for in consecutive pages. */
  private static final int MAX_PER_LISTING = 250;

  /** The maximum time for which the sink is not called while an answer is awaited. */
  private static final long MAX_SILENT_MILLIS = 500;

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;
  private final SingleObjectLookup singleLookup;
  private final Deque<Callable<Collection<String>>> waiting = new ArrayDeque<>();
  private final Deque<FutureTask<Collection<String>>> running = new ArrayDeque<>();

  /** The index of the first path of each key, in the order of the keys. */
  private final NavigableMap<String, Integer> indexes = new TreeMap<>(KeyOrder.BYTES);

  private final List<String> paths;
  private final ItemSink sink;
  private final Map<String, Item> found = new ConcurrentHashMap<>();
  private final Map<String, LadingException> failed = new ConcurrentHashMap<>();

  /** The index of the first path that failed; later paths need not be found. */
  private final AtomicInteger firstFailure = new AtomicInteger(Integer.MAX_VALUE);

  BatchObjectLookup(
      S3RootSettings settings,
      S3Errors errors,
      S3Clients clients,
      List<String> paths,
      ItemSink sink) {
    this.paths = paths;
    this.sink = sink;
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.singleLookup = new SingleObjectLookup(settings, errors, clients::callDirectly);
  }

  /** Hands over the items in the order of their paths, and fails at the first without an object. */
  void run() {
    try {
      for (int i = 0; i < paths.size(); i++) {
        indexes.putIfAbsent(S3Keys.fileKey(settings.prefix(), paths.get(i)), i);
      }
    } catch (LadingException e) {
      log.debug("A path that no key can have; later paths are not looked for", e);
    }
    plan();
    try {
      lookUp();
    } catch (RejectedExecutionException e) {
      throw errors.unavailable(AbortedException.create("the root is closed", e));
    } finally {
      running.forEach(call -> call.cancel(true));
    }
    for (String path : paths) {
      sink.accept(item(S3Keys.fileKey(settings.prefix(), path)));
    }
  }

  private Item item(String key) {
    LadingException failure = failed.get(key);
    if (failure != null) {
      throw failure;
    }
    Item item = found.get(key);
    if (item == null) {
      throw new IllegalStateException("never looked for: " + S3Keys.quoted(key));
    }
    return item;
  }

  private void plan() {
    List<String> together = new ArrayList<>();
    String directory = "";
    for (String key : indexes.keySet()) {
      String parent = KeyOrder.directoryOf(key);
      if (!parent.equals(directory)) {
        planDirectory(directory, together);
        together = new ArrayList<>();
        directory = parent;
      }
      together.add(key);
    }
    planDirectory(directory, together);
  }

  private void planDirectory(String directory, List<String> keys) {
    int next = 0;
    if (keys.size() > HEADS_PER_LISTING && !clients.hasOtherOrder()) {
      heads(keys.subList(0, 1));
      for (next = 1; keys.size() - next >= HEADS_PER_LISTING; ) {
        int end = Math.min(keys.size(), next + MAX_PER_LISTING);
        String after = keys.get(next - 1);
        List<String> run = keys.subList(next, end);
        waiting.add(() -> list(directory, after, run));
        next = end;
      }
    }
    heads(keys.subList(next, keys.size()));
  }

  private void heads(Collection<String> keys) {
    for (String key : keys) {
      waiting.add(() -> head(key));
    }
  }

  /** Makes as many calls at once as there are permits, but always one. */
  private void lookUp() {
    Semaphore permits = clients.prefetchPermits();
    while (!waiting.isEmpty() || !running.isEmpty()) {
      if (!waiting.isEmpty() && permits.tryAcquire()) {
        start(waiting.remove(), permits::release);
      } else {
        if (running.isEmpty()) {
          start(waiting.remove(), () -> {});
        }
        heads(answer(running.remove()));
        sink.count(1);
      }
    }
  }

  private void start(Callable<Collection<String>> lookup, Runnable release) {
    FutureTask<Collection<String>> call =
        new FutureTask<>(LogContext.carried(lookup)) {
          @Override
          protected void done() {
            release.run();
          }
        };
    running.add(call);
    clients.threads().execute(call);
  }

  private Collection<String> answer(FutureTask<Collection<String>> call) {
    try {
      while (true) {
        try {
          return call.get(MAX_SILENT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          sink.count(0);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.unavailable(AbortedException.create("interrupted", e));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Collection<String> head(String key) {
    int index = Objects.requireNonNull(indexes.get(key));
    if (index > firstFailure.get()) {
      return List.of();
    }
    try {
      found.put(key, singleLookup.file(paths.get(index)));
    } catch (LadingException e) {
      if (e.code() == ErrorCode.STORAGE_UNAVAILABLE) {
        throw e;
      }
      failed.put(key, e);
      firstFailure.accumulateAndGet(index, Math::min);
    }
    return List.of();
  }

  /** Returns the keys that it did not find, or could not find more cheaply than HEADs. */
  private Collection<String> list(String directory, String after, List<String> keys) {
    NavigableMap<String, String> missing = new TreeMap<>(KeyOrder.BYTES);
    keys.forEach(key -> missing.put(key, key));
    ListingPageRequester pages =
        new ListingPageRequester(settings, errors, clients, directory, false);
    String token = null;
    int missingBefore;
    try {
      do {
        missingBefore = missing.size();
        ListedPage page = pages.page(after, token);
        page.objects().forEach(object -> take(object, missing));
        token = page.token();
      } while (token != null && isNextPageCheaper(missingBefore - missing.size(), missing.size()));
    } catch (KeyOrderException e) {
      clients.noteOtherOrder(e);
    } catch (SdkException | LadingException | StartAfterIgnoredException e) {
      log.debug("No listing of {}", S3Keys.quoted(directory), e);
    }
    return missing.keySet();
  }

  private void take(ListedObject object, Map<String, String> missing) {
    // Only a HEAD tells reliably whether an archived object was restored.
    if (!object.mayBeArchived() && object.isComplete() && missing.remove(object.key()) != null) {
      String name = S3Keys.lastName(object.key());
      found.put(object.key(), DirectoryListing.item(object, Item.Kind.FILE, name));
    }
  }

  private static boolean isNextPageCheaper(int foundLast, int missing) {
    return foundLast >= HEADS_PER_LISTING && missing >= HEADS_PER_LISTING;
  }
}
