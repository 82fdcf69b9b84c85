package org.lading.access.digest;

import java.time.Instant;

/**
 * Remembers which numbered uses of nonces there were, on all nodes of an installation together, so
 * that what one request has proved proves nothing for a second one.
 */
public interface NonceUses {
  /**
   * Records a use, and returns whether it is the first one of its number. Of any number of
   * concurrent calls with the same values, on any nodes, one returns true.
   *
   * @param count the number of the use, {@code nc}, from 1 on
   * @param until when the use may be forgotten, since no node takes the nonce any more
   * @throws org.lading.error.LadingException {@code STORAGE_UNAVAILABLE} if it cannot be recorded
   */
  boolean add(String nonce, long count, Instant until);
}
