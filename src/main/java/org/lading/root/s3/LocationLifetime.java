package org.lading.root.s3;

import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Predicts whether locations that are signed now last until nginx comes to the last entry of an
 * archive: they end after {@link S3RootSettings#urlExpiry}, or with the credentials if these end
 * before.
 *
 * <p>How fast a client reads is not known beforehand. The prediction is that of a slow one, since
 * one that is wrong breaks an archive off, and signing late costs no more than a request of a
 * millisecond for each entry.
 */
final class LocationLifetime {
  /** The bytes that a slow client reads in a second: 4 Mbit. */
  private static final long BYTES_PER_SECOND = 500_000;

  /** The time for which nginx waits for each entry before its first byte. */
  private static final Duration ENTRY = Duration.ofMillis(50);

  /** The time by which clocks may differ, and for which a client may pause. */
  private static final Duration MARGIN = Duration.ofMinutes(10);

  private final S3RootSettings settings;
  private final S3Clients clients;

  LocationLifetime(S3RootSettings settings, S3Clients clients) {
    this.settings = settings;
    this.clients = clients;
  }

  /** Returns whether a location may end while an archive of that size is fetched. */
  boolean endsWithin(long entries, long bytes) {
    // The only location is fetched at once.
    if (entries < 2) {
      return false;
    }
    Duration needed = needed(entries, bytes);
    if (needed.compareTo(settings.urlExpiry()) > 0) {
      return true;
    }
    AwsCredentials credentials = clients.credentials();
    Instant end = Instant.now().plus(needed);
    return credentials.expirationTime().filter(end::isAfter).isPresent();
  }

  /** Returns the time in which a slow client reads an archive. */
  static Duration needed(long entries, long bytes) {
    return MARGIN.plusSeconds(bytes / BYTES_PER_SECOND).plus(ENTRY.multipliedBy(entries));
  }
}
