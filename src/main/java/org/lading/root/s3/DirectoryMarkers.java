package org.lading.root.s3;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.ListedObject;

/**
 * Tells files from the objects that tools create for directories, in a listing in the order of
 * keys. S3 has no directories, so there are three forms of such markers, all of them without
 * content:
 *
 * <ul>
 *   <li>{@code a/}, from AWS's console and most tools;
 *   <li>{@code a_$folder$}, from Hadoop;
 *   <li>{@code a}, where other keys begin with {@code a/}. No directory can have both a file and a
 *       directory of that name.
 * </ul>
 *
 * <p>In the third form, keys like {@code a-b} lie between {@code a} and {@code a/}: they are held,
 * but at most {@link #MAX_HELD} of them.
 */
final class DirectoryMarkers {
  /** The maximum number of objects that are held until it is known whether one is a marker. */
  private static final int MAX_HELD = 1000;

  private static final String HADOOP = "_$folder$";

  private final Consumer<ListedObject> sink;

  /** Objects by their keys and in that order, of which the first one may be a marker. */
  private final Map<String, ListedObject> held = new LinkedHashMap<>();

  /**
   * Makes a filter.
   *
   * @param sink takes all objects but the markers of the second and the third form
   */
  DirectoryMarkers(Consumer<ListedObject> sink) {
    this.sink = sink;
  }

  /** Takes the next object. */
  void accept(ListedObject object) {
    observe(object.key());
    if (object.size() == 0 && object.key().endsWith(HADOOP)) {
      return;
    }
    if (held.isEmpty() && !mayBeMarker(object)) {
      sink.accept(object);
      return;
    }
    held.put(object.key(), object);
    if (held.size() > MAX_HELD) {
      sink.accept(held.remove(held.keySet().iterator().next()));
      handOverUpTo(object.key());
    }
  }

  /** Takes the next key, or the next common prefix, into account. */
  void observe(String key) {
    if (held.isEmpty()) {
      return;
    }
    for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
      String directory = key.substring(0, slash);
      if (held.containsKey(directory) && mayBeMarker(held.get(directory))) {
        held.remove(directory);
      }
    }
    handOverUpTo(key);
  }

  /** Takes the end of the listing into account. */
  void end() {
    held.values().forEach(sink);
    held.clear();
  }

  /**
   * Hands over the objects before the first one that a key from the given one on may make a marker.
   */
  private void handOverUpTo(String key) {
    Iterator<ListedObject> objects = held.values().iterator();
    while (objects.hasNext()) {
      ListedObject next = objects.next();
      if (mayBeMarker(next) && KeyOrder.BYTES.compare(key, next.key() + "/") <= 0) {
        return;
      }
      objects.remove();
      sink.accept(next);
    }
  }

  private static boolean mayBeMarker(ListedObject object) {
    return object.size() == 0 && !object.key().endsWith("/");
  }
}
