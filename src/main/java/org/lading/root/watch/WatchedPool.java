package org.lading.root.watch;

/** A pool of {@link WatchedThread}s, as the watch sees it. */
public interface WatchedPool {
  /** Returns the number of its threads that may wait for one root that answers nobody. */
  int share();

  /** Allows one more thread, in place of one that is stuck. */
  void addThread();

  /** Allows one thread fewer, since one that was stuck has returned. */
  void removeThread();
}
