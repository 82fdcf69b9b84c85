package org.lading.root.s3.listing;

import org.jspecify.annotations.Nullable;

/** The two calls that a listing makes; for several threads. */
public interface ListingCalls {
  /**
   * Requests a page of the listed keys, in their order; throws {@link KeyOrderException} if the
   * store has them in another one.
   *
   * @param after the key after which the page begins, or an empty text; ignored with a token
   * @param token the token of the page before, or null
   */
  ListedPage page(String after, @Nullable String token);

  /**
   * Requests a page of the files and of the directories, as common prefixes, directly in a
   * directory, in any order.
   *
   * @param directory a prefix that ends in a slash, or is empty
   * @param after the key after which the page begins, or an empty text; ignored with a token
   * @param token the token of the page before, or null
   */
  ListedPage children(String directory, String after, @Nullable String token);
}
