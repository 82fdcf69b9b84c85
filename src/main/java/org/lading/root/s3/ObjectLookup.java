package org.lading.root.s3;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.lading.error.LadingException;
import org.lading.error.LogSubject;
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

  private final S3Settings settings;
  private final Failures failures;
  private final S3Connection connection;
  private final ObjectHead head;
  private final Deque<Callable<Collection<String>>> work = new ArrayDeque<>();
  private final Deque<FutureTask<Collection<String>>> underWay = new ArrayDeque<>();

  /** Key to a path that asks for it, in the order of the keys. */
  private final NavigableMap<String, String> paths = new TreeMap<>(KeyOrder.BYTES);

  private final Map<String, Item> found = new ConcurrentHashMap<>();
  private final Map<String, LadingException> failed = new ConcurrentHashMap<>();

  ObjectLookup(S3Settings settings, Failures failures, S3Connection connection) {
    this.settings = settings;
    this.failures = failures;
    this.connection = connection;
    this.head = new ObjectHead(settings, failures, connection.directClient());
  }

  /** Hands over the items in the order of their paths; the first that cannot be had fails. */
  void run(List<String> asked, Consumer<Item> sink) {
    Map<String, LadingException> invalid = new HashMap<>();
    for (String path : asked) {
      try {
        paths.put(ObjectRules.fileKey(settings.prefix(), path), path);
      } catch (LadingException e) {
        invalid.put(path, e);
      }
    }
    plan();
    try {
      lookUp();
    } finally {
      underWay.forEach(call -> call.cancel(true));
    }
    for (String path : asked) {
      LadingException fault = invalid.get(path);
      if (fault != null) {
        throw fault;
      }
      sink.accept(item(ObjectRules.fileKey(settings.prefix(), path)));
    }
  }

  private Item item(String key) {
    LadingException fault = failed.get(key);
    if (fault != null) {
      throw fault;
    }
    Item item = found.get(key);
    if (item == null) {
      throw new IllegalStateException("never looked for: " + ObjectRules.quoted(key));
    }
    return item;
  }

  private void plan() {
    List<String> together = new ArrayList<>();
    String directory = "";
    for (String key : paths.keySet()) {
      String parent = ObjectRules.parent(key);
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
    while (!work.isEmpty() || !underWay.isEmpty()) {
      if (!work.isEmpty() && connection.ahead().tryAcquire()) {
        start(work.remove(), connection.ahead()::release);
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
        new FutureTask<>(LogSubject.carried(question)) {
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
    try {
      found.put(key, head.file(Objects.requireNonNull(paths.get(key))));
    } catch (LadingException e) {
      failed.put(key, e);
    }
    return List.of();
  }

  /** The keys that it does not find, or not at less cost than HEADs would. */
  private Collection<String> list(String directory, String after, List<String> keys) {
    NavigableMap<String, String> missing = new TreeMap<>(KeyOrder.BYTES);
    keys.forEach(key -> missing.put(key, key));
    ListedPages pages =
        new ListedPages(settings, failures, connection.directClient(), directory, false);
    String token = null;
    int before;
    try {
      do {
        before = missing.size();
        ListedPage page = pages.page(after, token);
        page.objects().forEach(object -> take(object, missing));
        token = page.token();
      } while (token != null && isWorthAnother(before - missing.size(), missing.size()));
    } catch (SdkException | LadingException | CutsIgnoredException e) {
      log.debug("No listing of {}", ObjectRules.quoted(directory), e);
    }
    return missing.keySet();
  }

  private void take(ListedObject object, Map<String, String> missing) {
    // Only a HEAD tells for sure whether an archived object was restored.
    if (!object.isArchived() && missing.remove(object.key()) != null) {
      String name = ObjectRules.lastName(object.key());
      found.put(object.key(), ObjectListing.item(object, Item.Kind.FILE, name));
    }
  }

  private static boolean isWorthAnother(int foundLast, int missing) {
    return foundLast >= HEADS_OF_A_LISTING && missing >= HEADS_OF_A_LISTING;
  }
}
