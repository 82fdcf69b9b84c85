package org.lading.root.s3.listing;

import java.util.function.Consumer;

/** Takes the pages of a listing. */
@FunctionalInterface
public interface PageSink extends Consumer<ListedPage> {
  /** Is called again and again while the listing waits for a page. */
  default void waiting() {}
}
