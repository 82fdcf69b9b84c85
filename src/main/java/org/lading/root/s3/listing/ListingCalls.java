package org.lading.root.s3.listing;

import org.jspecify.annotations.Nullable;

/** The two questions by which a walk finds its way; for several threads. */
public interface ListingCalls {
  /**
   * A page of what the walk is about, in the order of the keys.
   *
   * @param after begins behind this key, or at the beginning for an empty text; does not matter if
   *     there is a token
   * @param token of the page before, or null
   */
  ListedPage page(String after, @Nullable String token);

  /**
   * A page of the directories directly in a directory, as common prefixes.
   *
   * @param directory a prefix that ends in a slash, or is empty
   * @param after as above
   * @param token as above
   */
  ListedPage children(String directory, String after, @Nullable String token);
}
