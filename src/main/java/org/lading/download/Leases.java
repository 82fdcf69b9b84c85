package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the contents of downloads while somebody reads them, on any node. Only those that expire
 * soon cost anything: for them the database says until when they are held, a little ahead of now,
 * so that a node that dies holds nothing for long.
 */
public final class Leases {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private static final Duration AHEAD = Duration.ofMinutes(2);

  /** Nobody tells when nginx is done; it has as long as its presigned URLs last by default. */
  private static final Duration MANIFEST = Duration.ofHours(12);

  private final DownloadStore store;
  private final Clock clock;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /** Something that is kept; to be closed once. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /** How many read it, and until when it stays without doing anything. */
  private record Held(int readers, Instant until) {}

  /** Leases of downloads in a store. */
  public Leases(DownloadStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Holds a download until the lease is closed.
   *
   * @throws LadingException {@code EXPIRED} if that is too late
   */
  Lease hold(Download download) {
    Instant until = extended(download.id(), download.expires(), AHEAD.dividedBy(2), AHEAD);
    held.merge(download.id(), new Held(1, until), Leases::together);
    return () -> release(download.id());
  }

  /** As above, for as long as nginx may take to fetch what its manifest names. */
  void holdForManifest(Download download) {
    extended(download.id(), download.expires(), MANIFEST, MANIFEST);
  }

  private void release(String id) {
    held.computeIfPresent(
        id, (key, lease) -> lease.readers == 1 ? null : new Held(lease.readers - 1, lease.until));
  }

  /** Extends what needs it; to be called several times a minute. */
  public void renew() {
    for (Map.Entry<String, Held> one : held.entrySet()) {
      String id = one.getKey();
      try {
        Instant until = extended(id, one.getValue().until, AHEAD.dividedBy(2), AHEAD);
        held.computeIfPresent(id, (key, lease) -> new Held(lease.readers, until));
      } catch (RuntimeException e) {
        log.warn("Download {} is read, but could not be held", id, e);
      }
    }
  }

  /** How many archives are being sent by this node. */
  public int readers() {
    return held.values().stream().mapToInt(Held::readers).sum();
  }

  private static Held together(Held one, Held other) {
    Instant until = one.until.isAfter(other.until) ? one.until : other.until;
    return new Held(one.readers + other.readers, until);
  }

  /** Until when it is held: for {@code ahead} from now, unless it is for {@code least} already. */
  private Instant extended(String id, Instant until, Duration least, Duration ahead) {
    Instant now = clock.instant();
    if (!until.isBefore(now.plus(least))) {
      return until;
    }
    Instant extended = now.plus(ahead);
    if (!store.hold(id, extended)) {
      throw LadingException.expired();
    }
    return extended;
  }
}
