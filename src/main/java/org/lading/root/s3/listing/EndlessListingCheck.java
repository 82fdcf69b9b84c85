package org.lading.root.s3.listing;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Detects a listing without end: one whose pages have no new key, and tokens that come again or are
 * new for ever.
 */
final class EndlessListingCheck {
  /**
   * The maximum number of consecutive pages without a new key. A store may have to look at many
   * deleted keys for a page, and answer before it has found a key that still exists; if it looks at
   * 1,000 for each page, it may pass a million of them.
   */
  static final int MAX_PAGES_WITHOUT_NEWS = 1000;

  /** The tokens of the pages since the last one with a new key. */
  private final Set<String> tokens = new HashSet<>();

  /** Takes a page into account; throws {@link EndlessListingException}. */
  void observe(boolean hasNews, @Nullable String token) {
    if (hasNews) {
      tokens.clear();
    }
    if (token != null && (!tokens.add(token) || tokens.size() > MAX_PAGES_WITHOUT_NEWS)) {
      throw new EndlessListingException();
    }
  }
}
