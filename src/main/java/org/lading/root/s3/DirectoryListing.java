package org.lading.root.s3;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.s3.listing.EndlessListingException;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.KeyOrderException;
import org.lading.root.s3.listing.LevelListing;
import org.lading.root.s3.listing.LevelTooLargeException;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import org.lading.root.s3.listing.PageSink;
import org.lading.root.s3.listing.PrefetchingListing;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Lists one directory: makes items of its objects, in the order of their keys.
 *
 * <p>A store that turns out to list in another order is listed once more from the beginning, level
 * after level. What was handed over before is then handed over again.
 */
final class DirectoryListing {
  /**
   * The number of pages held for each concurrent call, so that calls go on while the next page is
   * late.
   */
  private static final int PAGES_PER_CALL = 4;

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;
  private final String path;
  private final String directory;
  private final boolean recursive;
  private final ItemSink sink;

  private final ObjectDescriptions descriptions;
  private DirectoryMarkers markers = new DirectoryMarkers(this::acceptUnmarked);
  private boolean isFound;
  private String lastKey = "";

  /** The last directory marker; the next key tells whether its directory is empty. */
  private @Nullable ListedObject marker;

  /** Makes a listing of the keys that begin with {@code directory}, the request's {@code path}. */
  DirectoryListing(
      S3RootSettings settings,
      S3Errors errors,
      S3Clients clients,
      String path,
      String directory,
      boolean recursive,
      ItemSink sink) {
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.path = path;
    this.directory = directory;
    this.recursive = recursive;
    this.sink = sink;
    this.descriptions = new ObjectDescriptions(settings, errors, clients);
  }

  /** Hands everything to the sink. */
  void run() {
    list(new ListingPageRequester(settings, errors, clients, directory, recursive));
    markers.end();
    endMarker(null);
    if (!isFound && !directory.equals(settings.prefix())) {
      throw S3Keys.invalid("The directory " + S3Keys.quoted(path) + " is not there");
    }
  }

  private void list(ListingPageRequester pages) {
    try {
      if (clients.hasOtherOrder() || !isListedInOrder(pages)) {
        LevelListing.Calls calls =
            (parent, token) -> answer(() -> pages.children(parent, "", token));
        new LevelListing(calls, recursive, new Pages()).run(directory);
      }
    } catch (SdkException e) {
      throw errors.ofList(path, e);
    } catch (EndlessListingException e) {
      throw errors.unavailable("lists its keys without end", e);
    } catch (LevelTooLargeException e) {
      throw errors.unsorted(e.directory());
    } catch (RejectedExecutionException e) {
      throw errors.ofList(path, AbortedException.create("the root is closed", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.ofList(path, AbortedException.create("interrupted", e));
    }
  }

  /** Lists in the order of the store; returns false once that turns out not to be that of bytes. */
  private boolean isListedInOrder(ListingPageRequester pages) throws InterruptedException {
    PrefetchingListing listing =
        new PrefetchingListing(
            directory,
            recursive,
            pages,
            clients.threads(),
            clients.prefetchPermits(),
            PAGES_PER_CALL * settings.listConcurrency());
    try {
      listing.run(new Pages());
      return true;
    } catch (KeyOrderException e) {
      clients.noteOtherOrder(e);
      markers = new DirectoryMarkers(this::acceptUnmarked);
      marker = null;
      lastKey = "";
      return false;
    }
  }

  /** Makes a call in a thread for calls, and waits for it. */
  private ListedPage answer(Callable<ListedPage> call) {
    FutureTask<ListedPage> running = new FutureTask<>(LogContext.carried(call));
    clients.threads().execute(running);
    try {
      return ObjectDescriptions.await(running, sink);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted", e);
    } finally {
      running.cancel(true);
    }
  }

  private void accept(ListedPage page) {
    isFound |= !page.prefixes().isEmpty() || !page.objects().isEmpty();
    Iterator<String> prefixes = page.prefixes().iterator();
    String prefix = prefixes.hasNext() ? prefixes.next() : null;
    for (ListedObject object : described(inOrder(page.objects()))) {
      while (prefix != null && KeyOrder.BYTES.compare(prefix, object.key()) < 0) {
        markers.observe(prefix);
        prefix = prefixes.hasNext() ? prefixes.next() : null;
      }
      markers.accept(object);
    }
    if (prefix != null) {
      markers.observe(prefix);
      prefixes.forEachRemaining(markers::observe);
    }
  }

  private List<ListedObject> described(List<ListedObject> objects) {
    try {
      return descriptions.of(objects, sink);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.ofList(path, AbortedException.create("interrupted", e));
    }
  }

  /** Takes the pages, and counts calls and keys. */
  private final class Pages implements PageSink {
    @Override
    public void accept(ListedPage page) {
      sink.count(1 + page.objects().size() + page.prefixes().size());
      DirectoryListing.this.accept(page);
    }

    @Override
    public void waiting() {
      sink.count(0);
    }
  }

  /** Returns the objects of a page without one that ended the page before. */
  private List<ListedObject> inOrder(List<ListedObject> objects) {
    if (objects.isEmpty()) {
      return objects;
    }
    String first = objects.get(0).key();
    int order = KeyOrder.BYTES.compare(lastKey, first);
    if (order > 0) {
      throw new KeyOrderException(lastKey, first);
    }
    lastKey = objects.get(objects.size() - 1).key();
    return order == 0 ? objects.subList(1, objects.size()) : objects;
  }

  private void acceptUnmarked(ListedObject object) {
    String key = object.key();
    if (isNamelessMarker(object)) {
      return;
    }
    endMarker(key);
    if (!recursive && key.indexOf('/', directory.length()) >= 0) {
      return;
    }
    if (!isDeliverable(object)) {
      return;
    }
    if (!key.endsWith("/")) {
      sink.accept(item(object, Item.Kind.FILE, key.substring(directory.length())));
    } else if (recursive && !key.equals(directory)) {
      marker = object;
    }
  }

  /** Returns whether an object can be in an archive; hands the refusal of any other to the sink. */
  private boolean isDeliverable(ListedObject object) {
    try {
      S3Keys.requireSafeKey(object.key());
      requireNoContentOfDirectory(object);
      if (object.isArchived() && !object.key().endsWith("/")) {
        throw S3Keys.archived(object.key());
      }
      return true;
    } catch (LadingException e) {
      if (e.code() != ErrorCode.MISSING_OR_INVALID_TARGET) {
        throw e;
      }
      sink.refuse(e);
      return false;
    }
  }

  /**
   * Tells whether an object marks a directory with an empty name, which some tools create and no
   * archive can have.
   */
  private static boolean isNamelessMarker(ListedObject object) {
    return object.size() == 0 && ("/" + object.key()).endsWith("//");
  }

  private static void requireNoContentOfDirectory(ListedObject object) {
    if (object.size() > 0 && object.key().endsWith("/")) {
      throw S3Keys.invalid(
          "The object "
              + S3Keys.quoted(object.key())
              + " has content under the name of a directory, so it cannot be in an archive");
    }
  }

  private void endMarker(@Nullable String nextKey) {
    ListedObject pending = marker;
    marker = null;
    if (pending != null && (nextKey == null || !nextKey.startsWith(pending.key()))) {
      String name = pending.key().substring(directory.length(), pending.key().length() - 1);
      sink.accept(item(pending, Item.Kind.EMPTY_DIRECTORY, name));
    }
  }

  static Item item(ListedObject object, Item.Kind kind, String name) {
    return new Item(
        kind,
        name,
        object.key(),
        object.size(),
        Objects.requireNonNull(object.modified()),
        object.version(),
        object.hasCrc32() ? Item.CRC32_ON_REQUEST : Item.UNKNOWN_CRC32);
  }
}
