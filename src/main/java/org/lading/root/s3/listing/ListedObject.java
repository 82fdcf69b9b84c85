package org.lading.root.s3.listing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object in a listing.
 *
 * @param key the whole key
 * @param size bytes, or {@link #UNKNOWN_SIZE} if the listing does not tell
 * @param modified the modification time, or null if the listing does not tell
 * @param version the ETag without quotes, or null
 * @param mayBeArchived whether it is archived, or of a storage class whose listings do not tell
 * @param isArchived whether its storage class requires a restore, and the listing does not say that
 *     it was restored
 * @param hasCrc32 whether the store has the CRC-32 of its whole content
 */
public record ListedObject(
    String key,
    long size,
    @Nullable Instant modified,
    @Nullable String version,
    boolean mayBeArchived,
    boolean isArchived,
    boolean hasCrc32) {
  /** The {@link #size} of an object whose listing does not tell it. */
  public static final long UNKNOWN_SIZE = -1;

  /** Tells whether the listing told size and time. */
  public boolean isComplete() {
    return size != UNKNOWN_SIZE && modified != null;
  }
}
