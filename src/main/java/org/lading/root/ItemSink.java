package org.lading.root;

import java.util.function.Consumer;

/** Takes what a search in a root finds, and can end the search; for the thread that searches. */
@FunctionalInterface
public interface ItemSink extends Consumer<Item> {
  /**
   * Counts steps of the search, whether they find something or not: a directory that is opened, a
   * name or key that is looked at, and a call to a store are one each. A search that waits for a
   * store calls it with 0 at least once a second.
   *
   * <p>An exception ends the search, and the root passes it on to its caller as it is.
   *
   * @param steps the number of steps since the last call
   */
  default void count(int steps) {}
}
