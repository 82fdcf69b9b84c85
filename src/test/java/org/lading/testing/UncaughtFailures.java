package org.lading.testing;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What threads of this process died of, until it is closed. */
public final class UncaughtFailures implements AutoCloseable {
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

  /** Listens from now on. */
  public UncaughtFailures() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> failures.add(thread.getName() + ": " + failure));
  }

  /** "thread: failure" of each that died. */
  public List<String> soFar() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }
}
