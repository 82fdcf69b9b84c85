package org.lading.root.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;
import org.lading.root.DirectoryPage;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.DirectoryPage.Kind;
import org.lading.root.DirectoryPage.Obstacle;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes one page of a directory of one page of its store's listing. The cursor is the store's
 * continuation token: all stores have one, also those that ignore where a listing shall begin or
 * list in an order of their own, and a common prefix of several pages is on one of them only.
 */
final class DirectoryPager {
  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;
  private final String path;
  private final String directory;

  /** Makes a pager for the keys that begin with {@code directory}, the request's {@code path}. */
  DirectoryPager(
      S3RootSettings settings, S3Errors errors, S3Clients clients, String path, String directory) {
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.path = path;
    this.directory = directory;
  }

  /** Returns the page after a cursor; see {@link org.lading.root.Root#page}. */
  DirectoryPage page(String cursor, int max) {
    ListedPage listed = listed(cursor.isEmpty() ? null : cursor, max);
    boolean isThere =
        !listed.objects().isEmpty() || !listed.prefixes().isEmpty() || listed.token() != null;
    if (!isThere && cursor.isEmpty() && !directory.equals(settings.prefix())) {
      throw S3Keys.invalid("The directory " + S3Keys.quoted(path) + " is not there");
    }
    List<Child> children = new ArrayList<>();
    Set<String> prefixes = new TreeSet<>(KeyOrder.BYTES);
    prefixes.addAll(listed.prefixes());
    prefixes.forEach(prefix -> children.add(directoryOf(prefix)));
    files(listed, prefixes).forEach(object -> children.add(file(object)));
    return new DirectoryPage(children, listed.token());
  }

  private ListedPage listed(@Nullable String token, int max) {
    if (token != null && !S3Keys.isSafe(token)) {
      throw S3Keys.invalid("There is no page " + S3Keys.quoted(token));
    }
    try {
      return new ListingPageRequester(settings, errors, clients, directory, false)
          .childrenUpTo(token, max);
    } catch (SdkException e) {
      throw token == null ? errors.ofList(path, e) : errors.ofPage(token, e);
    }
  }

  /** Returns the objects that are files, in the order of their keys. */
  private List<ListedObject> files(ListedPage listed, Set<String> prefixes) {
    TreeMap<String, ListedObject> objects = new TreeMap<>(KeyOrder.BYTES);
    listed.objects().forEach(object -> objects.putIfAbsent(object.key(), object));
    objects.remove(directory);
    List<ListedObject> files = new ArrayList<>(objects.size());
    DirectoryMarkers markers = new DirectoryMarkers(files::add);
    for (ListedObject object : objects.values()) {
      if (!prefixes.contains(object.key() + "/") || object.size() != 0) {
        markers.accept(object);
      }
    }
    markers.end();
    return files;
  }

  private Child directoryOf(String prefix) {
    String name = prefix.substring(directory.length(), prefix.length() - 1);
    return new Child(Kind.DIRECTORY, name, 0, null, isPath(prefix, name) ? null : Obstacle.NAME);
  }

  private Child file(ListedObject object) {
    String name = object.key().substring(directory.length());
    Obstacle obstacle = isPath(object.key(), name) ? null : Obstacle.NAME;
    // Only AWS tells in a listing whether an object was restored.
    if (obstacle == null && object.isArchived() && settings.isAws()) {
      obstacle = Obstacle.ARCHIVED;
    }
    return new Child(Kind.FILE, name, object.size(), object.modified(), obstacle);
  }

  /** Tells whether a request can name a key. */
  private static boolean isPath(String key, String name) {
    try {
      S3Keys.requireSafeKey(key);
      return !name.isEmpty();
    } catch (LadingException e) {
      return false;
    }
  }
}
