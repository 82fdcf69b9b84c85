package org.lading.download;

/** Gets downloads prepared, one after another as threads are free, by this node or another. */
public interface PreparationQueue {
  /**
   * Has a stored download prepared soon; nothing happens if that is on its way already. Throws
   * {@link org.lading.error.LadingException} with {@code STORAGE_UNAVAILABLE} if the database does
   * not answer.
   */
  void submit(String id);
}
