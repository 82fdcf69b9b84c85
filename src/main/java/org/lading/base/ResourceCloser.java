package org.lading.base;

import java.util.function.Consumer;

/** Closes several resources, even if some fail to close. */
public final class ResourceCloser {
  private ResourceCloser() {}

  /** Closes all resources; then throws the first failure, with the others suppressed in it. */
  public static <T> void closeAll(Iterable<T> resources, Consumer<? super T> close) {
    RuntimeException first = null;
    for (T resource : resources) {
      try {
        close.accept(resource);
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
