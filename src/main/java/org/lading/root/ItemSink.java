package org.lading.root;

import java.util.function.Consumer;
import org.lading.error.LadingException;

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

  /**
   * Takes the refusal of something in a directory that cannot be delivered. Unless this throws it,
   * as it does by default, the listing goes on without it.
   *
   * @param why a {@code MISSING_OR_INVALID_TARGET} or {@code INVALID_NAME} that names it
   */
  default void refuse(LadingException why) {
    throw why;
  }
}
