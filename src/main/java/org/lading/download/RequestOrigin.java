package org.lading.download;

import org.jspecify.annotations.Nullable;

/**
 * Where a create request comes from.
 *
 * @param subject for whom the creating application asked, in its own words, or null
 * @param address the IP address of who asked, or null if it came by no connection
 * @param userAgent what the program that asked says of itself, or null
 * @param targets the number of its targets, or -1 if that is not known
 */
public record RequestOrigin(
    @Nullable String subject, @Nullable String address, @Nullable String userAgent, int targets) {
  /** Nothing is known. */
  public static final RequestOrigin UNKNOWN = new RequestOrigin(null, null, null, -1);

  /** Copies this with who asked. */
  public RequestOrigin of(String newAddress, @Nullable String newUserAgent) {
    return new RequestOrigin(subject, newAddress, newUserAgent, targets);
  }

  /** Copies this with for whom was asked. */
  RequestOrigin forSubject(@Nullable String newSubject) {
    return new RequestOrigin(newSubject, address, userAgent, targets);
  }
}
