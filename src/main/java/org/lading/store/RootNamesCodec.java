package org.lading.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stored form of a set of roots' names, which are letters, digits and {@code . _ -}. */
final class RootNamesCodec {
  /** That of the column. */
  private static final int LONGEST = 65_535;

  private RootNamesCodec() {}

  /** Null for an unknown set; and for one that is too long, which is then as good as unknown. */
  static @Nullable String encode(@Nullable Set<String> names) {
    String joined = names == null ? null : String.join(" ", names);
    return joined == null || joined.length() > LONGEST ? null : joined;
  }

  static @Nullable Set<String> decode(@Nullable String stored) {
    if (stored == null) {
      return null;
    }
    return stored.isEmpty() ? Set.of() : Set.of(stored.split(" ", -1));
  }
}
