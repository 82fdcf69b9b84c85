package org.lading.root;

import java.time.Instant;

/**
 * Tells which items of one root are still what they were; for one thread. Cheapest for items that
 * come in the order of a listing: what those of one directory have in common is looked at once.
 */
public interface ChangeCheck extends AutoCloseable {
  /** Of a root for which asking is as expensive as fetching: nothing has changed. */
  ChangeCheck NOTHING_CHANGES =
      new ChangeCheck() {
        @Override
        public boolean isUnchanged(String key, long size, Instant modified) {
          return true;
        }

        @Override
        public void close() {}
      };

  /**
   * Whether the item still has this size and modification time, and may still be reached. Throws
   * {@link org.lading.error.LadingException} {@code STORAGE_UNAVAILABLE} if the root as a whole
   * does not answer.
   *
   * @param key see {@link Item#key()}
   */
  boolean isUnchanged(String key, long size, Instant modified);

  /** Lets go of what is held open. */
  @Override
  void close();
}
