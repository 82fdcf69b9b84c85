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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.lading.base.LogContext;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds many objects by their paths, with several calls under way at once: by listings where those
 * are cheaper, else with a HEAD each. A listing begins behind an object that is looked for as well,
 * so that it always meets the next one soon.
 */
final class ObjectLookup {
  private static final Logger log = LoggerFactory.getLogger(ObjectLookup.class);

  /** AWS charges as much for a listing as for so many HEADs. */
  private static final int HEADS_OF_A_LISTING = 12;

  /** So many objects of one directory are looked for by pages that follow one another. */
  private static final int RUN = 250;

  private final S3RootSettings settings;
  private final S3Errors failures;
  private final S3Connection connection;
  private final ObjectHead head;
  private final Deque<Callable<Collection<String>>> work = new ArrayDeque<>();
  private final Deque<FutureTask<Collection<String>>> underWay = new ArrayDeque<>();

  /** Key to the place of the first path that asks for it, in the order of the keys. */
  private final NavigableMap<String, Integer> places = new TreeMap<>(KeyOrder.BYTES);

  private final List<String> asked;
  private final Map<String, Item> found = new ConcurrentHashMap<>();
  private final Map<String, LadingException> failed = new ConcurrentHashMap<>();

  /** Nothing behind the first path that cannot be had needs to be found. */
  private final AtomicInteger firstFault = new AtomicInteger(Integer.MAX_VALUE);

  ObjectLookup(
      S3RootSettings settings, S3Errors failures, S3Connection connection, List<String> asked) {
    this.asked = asked;
    this.settings = settings;
    this.failures = failures;
    this.connection = connection;
    this.head = new ObjectHead(settings, failures, connection.directClient());
  }

  /** Hands over the items in the order of their paths; the first that cannot be had fails. */
  void run(Consumer<Item> sink) {
    try {
      for (int i = 0; i < asked.size(); i++) {
        places.putIfAbsent(S3Keys.fileKey(settings.prefix(), asked.get(i)), i);
      }
    } catch (LadingException e) {
      log.debug("A path that no key can have: what is behind it is not looked for", e);
    }
    plan();
    try {
      lookUp();
    } catch (RejectedExecutionException e) {
      throw failures.unavailable(AbortedException.create("the root is closed", e));
    } finally {
      underWay.forEach(call -> call.cancel(true));
    }
    for (String path : asked) {
      sink.accept(item(S3Keys.fileKey(settings.prefix(), path)));
    }
  }

  private Item item(String key) {
    LadingException fault = failed.get(key);
    if (fault != null) {
      throw fault;
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
    for (String key : places.keySet()) {
      String parent = S3Keys.parent(key);
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
    if (keys.size() > HEADS_OF_A_LISTING) {
      heads(keys.subList(0, 1));
      for (next = 1; keys.size() - next >= HEADS_OF_A_LISTING; ) {
        int end = Math.min(keys.size(), next + RUN);
        String after = keys.get(next - 1);
        List<String> run = keys.subList(next, end);
        work.add(() -> list(directory, after, run));
        next = end;
      }
    }
    heads(keys.subList(next, keys.size()));
  }

  private void heads(Collection<String> keys) {
    for (String key : keys) {
      work.add(() -> head(key));
    }
  }

  /** As many at once as there are permits, but always one. */
  private void lookUp() {
    Semaphore ahead = connection.ahead();
    while (!work.isEmpty() || !underWay.isEmpty()) {
      if (!work.isEmpty() && ahead.tryAcquire()) {
        start(work.remove(), ahead::release);
      } else {
        if (underWay.isEmpty()) {
          start(work.remove(), () -> {});
        }
        heads(answer(underWay.remove()));
      }
    }
  }

  private void start(Callable<Collection<String>> question, Runnable release) {
    FutureTask<Collection<String>> call =
        new FutureTask<>(LogContext.carried(question)) {
          @Override
          protected void done() {
            release.run();
          }
        };
    underWay.add(call);
    connection.threads().execute(call);
  }

  private Collection<String> answer(FutureTask<Collection<String>> call) {
    try {
      return call.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.unavailable(AbortedException.create("interrupted", e));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Collection<String> head(String key) {
    int place = Objects.requireNonNull(places.get(key));
    if (place > firstFault.get()) {
      return List.of();
    }
    try {
      found.put(key, head.file(asked.get(place)));
    } catch (LadingException e) {
      if (e.code() == ErrorCode.STORAGE_UNAVAILABLE) {
        throw e;
      }
      failed.put(key, e);
      firstFault.accumulateAndGet(place, Math::min);
    }
    return List.of();
  }

  /** The keys that it does not find, or not at less cost than HEADs would. */
  private Collection<String> list(String directory, String after, List<String> keys) {
    NavigableMap<String, String> missing = new TreeMap<>(KeyOrder.BYTES);
    keys.forEach(key -> missing.put(key, key));
    ListingPages pages = new ListingPages(settings, failures, connection, directory, false);
    String token = null;
    int before;
    try {
      do {
        before = missing.size();
        ListedPage page = pages.page(after, token);
        page.objects().forEach(object -> take(object, missing));
        token = page.token();
      } while (token != null && isWorthAnother(before - missing.size(), missing.size()));
    } catch (SdkException | LadingException | StartAfterIgnoredException e) {
      log.debug("No listing of {}", S3Keys.quoted(directory), e);
    }
    return missing.keySet();
  }

  private void take(ListedObject object, Map<String, String> missing) {
    // Only a HEAD tells for sure whether an archived object was restored.
    if (!object.mayBeArchived() && missing.remove(object.key()) != null) {
      String name = S3Keys.lastName(object.key());
      found.put(object.key(), ObjectListing.item(object, Item.Kind.FILE, name));
    }
  }

  private static boolean isWorthAnother(int foundLast, int missing) {
    return foundLast >= HEADS_OF_A_LISTING && missing >= HEADS_OF_A_LISTING;
  }
}
