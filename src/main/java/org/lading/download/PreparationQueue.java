package org.lading.download;

/** Queues downloads for preparation by this node or another. */
public interface PreparationQueue {
  /**
   * Queues a stored download in a lane; nothing happens if it is queued or being prepared already.
   * Throws {@link org.lading.error.LadingException} with {@code STORAGE_UNAVAILABLE} if the
   * database does not answer.
   */
  void submit(String id, Lane lane);
}
