package org.lading.root.s3;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import org.lading.root.s3.listing.PrefetchingListing;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** One listing of a directory: what its keys mean, in their order. */
final class ObjectListing {
  /** So that calls go on being made while the page that is due is late. */
  private static final int PAGES_A_CALL = 4;

  private final S3RootSettings settings;
  private final S3Errors failures;
  private final S3Connection connection;
  private final String path;
  private final String directory;
  private final boolean recursive;
  private final Consumer<Item> sink;

  private boolean found;
  private String lastKey = "";

  /** A directory marker of which only the next key tells whether the directory is empty. */
  private @Nullable ListedObject marker;

  /** Lists what begins with {@code directory}; {@code path} is what the request calls it. */
  ObjectListing(
      S3RootSettings settings,
      S3Errors failures,
      S3Connection connection,
      String path,
      String directory,
      boolean recursive,
      Consumer<Item> sink) {
    this.settings = settings;
    this.failures = failures;
    this.connection = connection;
    this.path = path;
    this.directory = directory;
    this.recursive = recursive;
    this.sink = sink;
  }

  /** Hands everything to the sink. */
  void run() {
    walk(new ListingPages(settings, failures, connection, directory, recursive));
    endMarker(null);
    if (!found && !directory.equals(settings.prefix())) {
      throw S3Keys.invalid("The directory " + S3Keys.quoted(path) + " is not there");
    }
  }

  private void walk(ListingPages pages) {
    PrefetchingListing walk =
        new PrefetchingListing(
            directory,
            recursive,
            pages,
            connection.threads(),
            connection.ahead(),
            PAGES_A_CALL * settings.listConcurrency());
    try {
      walk.run(this::accept);
    } catch (SdkException e) {
      throw failures.ofList(path, e);
    } catch (RejectedExecutionException e) {
      throw failures.ofList(path, AbortedException.create("the root is closed", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.ofList(path, AbortedException.create("interrupted", e));
    }
  }

  private void accept(ListedPage page) {
    found |= !page.prefixes().isEmpty() || !page.objects().isEmpty();
    if (page.objects().isEmpty()) {
      return;
    }
    // Some compatible stores list in an order of their own; the archive's order must not vary.
    if (KeyOrder.BYTES.compare(lastKey, page.objects().get(0).key()) >= 0) {
      throw failures.unavailable("does not list its keys in byte order", null);
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
    S3Keys.requireSafeKey(key);
    if (key.endsWith("/")) {
      acceptMarker(object);
    } else {
      requireReadable(object);
      sink.accept(item(object, Item.Kind.FILE, key.substring(directory.length())));
    }
  }

  /** An empty directory without a name, as careless tools leave behind, has no place anywhere. */
  private static boolean isNamelessMarker(ListedObject object) {
    return object.size() == 0 && ("/" + object.key()).endsWith("//");
  }

  private void acceptMarker(ListedObject object) {
    String key = object.key();
    if (object.size() > 0) {
      throw S3Keys.invalid(
          "The object "
              + S3Keys.quoted(key)
              + " has content under the name of a directory, so it cannot be in an archive");
    }
    if (recursive && !key.equals(directory)) {
      marker = object;
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
    // AWS was asked for the state of restores; elsewhere each archived object is asked for.
    if (object.isArchived() && (settings.isAws() || S3Keys.isArchived(head(object.key())))) {
      throw S3Keys.archived(object.key());
    }
  }

  private HeadObjectResponse head(String key) {
    try {
      return connection.client().headObject(S3Requests.head(settings, key).build());
    } catch (SdkException e) {
      throw failures.ofList(path, e);
    }
  }
}
