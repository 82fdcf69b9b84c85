package org.lading.limit;

/**
 * Stores how much those have used who are counted: clients in the database that all nodes share,
 * addresses in memory. Safe for several threads and nodes: of several that ask at once, as many are
 * let through as one after the other. Every method throws {@link org.lading.error.LadingException}
 * with {@code STORAGE_UNAVAILABLE} if the database does not answer.
 */
public interface LimitStore {
  /**
   * Takes one request of a quota.
   *
   * @param now the time in microseconds since 1970
   * @return the time that is stored, see {@link Rate}, or {@link Rate#REFUSED}
   */
  long takeCreate(String who, Rate rate, long now);

  /** Returns the time that is stored of creates, 0 if there is none. */
  long creates(String who);

  /**
   * Counts bytes, unless as many as there may be are counted already. A day that is over is
   * forgotten; the clock of a node that is behind counts for the day that others have begun.
   *
   * @param day the day, counted from 1970 in UTC
   * @param most the number of bytes from which on nothing is taken
   * @return whether they were counted
   */
  boolean takeBytes(String who, long day, long bytes, long most);

  /** Takes back bytes that were counted on a day, unless that is forgotten. */
  void giveBack(String who, long day, long bytes);

  /** Returns the number of bytes that are counted for a day or a later one. */
  long bytes(String who, long day);
}
