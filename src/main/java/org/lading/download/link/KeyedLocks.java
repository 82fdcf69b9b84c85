package org.lading.download.link;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One lock for each key that somebody holds or waits for, so that no key waits for another one. */
final class KeyedLocks {
  private final ConcurrentMap<String, Lock> locks = new ConcurrentHashMap<>();

  private static final class Lock extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    /** Those who hold it or wait for it; changed within a change of the map alone. */
    private int users;
  }

  /** Does something while the lock of a key is held. */
  <T> T holding(String key, Supplier<T> action) {
    Lock lock = locks.compute(key, (same, known) -> entered(known));
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
      locks.computeIfPresent(key, (same, known) -> left(known));
    }
  }

  private static Lock entered(@Nullable Lock known) {
    Lock lock = known == null ? new Lock() : known;
    lock.users++;
    return lock;
  }

  private static @Nullable Lock left(Lock lock) {
    lock.users--;
    return lock.users == 0 ? null : lock;
  }
}
