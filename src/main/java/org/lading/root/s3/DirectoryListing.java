package org.lading.root.s3;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import org.lading.root.s3.listing.PrefetchingListing;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Lists one directory: makes items of its objects, in the order of their keys. */
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
  }

  /** Hands everything to the sink. */
  void run() {
    list(new ListingPageRequester(settings, errors, clients, directory, recursive));
    endMarker(null);
    if (!isFound && !directory.equals(settings.prefix())) {
      throw S3Keys.invalid("The directory " + S3Keys.quoted(path) + " is not there");
    }
  }

  private void list(ListingPageRequester pages) {
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
    } catch (SdkException e) {
      throw errors.ofList(path, e);
    } catch (RejectedExecutionException e) {
      throw errors.ofList(path, AbortedException.create("the root is closed", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.ofList(path, AbortedException.create("interrupted", e));
    }
  }

  /** Takes the pages, and counts calls and keys. */
  private final class Pages implements PrefetchingListing.PageSink {
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

  private void accept(ListedPage page) {
    isFound |= !page.prefixes().isEmpty() || !page.objects().isEmpty();
    if (page.objects().isEmpty()) {
      return;
    }
    // Some compatible stores list in another order; the order of an archive must not vary.
    if (KeyOrder.BYTES.compare(lastKey, page.objects().get(0).key()) >= 0) {
      throw errors.unavailable("does not list its keys in byte order", null);
    }
    lastKey = page.objects().get(page.objects().size() - 1).key();
    page.objects().forEach(this::accept);
  }

  private void accept(ListedObject object) {
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
      requireReadable(object);
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
        object.modified(),
        object.version(),
        object.hasCrc32() ? Item.CRC32_ON_REQUEST : Item.UNKNOWN_CRC32);
  }

  private void requireReadable(ListedObject object) {
    // AWS lists the state of restores; other stores need a HEAD for each archived object.
    if (object.isArchived() && (settings.isAws() || S3Keys.isArchived(head(object.key())))) {
      throw S3Keys.archived(object.key());
    }
  }

  private HeadObjectResponse head(String key) {
    try {
      return clients.call(c -> c.headObject(S3Requests.head(settings, key).build()));
    } catch (SdkException e) {
      throw errors.ofList(path, e);
    }
  }
}
