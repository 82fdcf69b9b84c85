package org.lading.root;

import java.time.Instant;

/**
 * Checks whether items of one root have changed; for one thread. It is fastest in the order of a
 * listing, since each directory is then opened once.
 */
public interface ChangeCheck extends AutoCloseable {
  /**
   * A check that finds every item unchanged, for a root where a check costs as much as reading the
   * item.
   */
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
   * Tells whether the item still has this size and modification time, and can still be read. Throws
   * {@link org.lading.error.LadingException} {@code STORAGE_UNAVAILABLE} if the root as a whole
   * does not answer.
   *
   * @param key see {@link Item#key()}
   * @param size bytes
   * @param modified the modification time, in whole milliseconds or coarser
   */
  boolean isUnchanged(String key, long size, Instant modified);

  /** Closes the directories that it holds open. */
  @Override
  void close();
}
