package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lading.base.PrintableText;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Protects the contents of downloads from removal while they are read, on any node. Only downloads
 * that expire soon need a lease in the database: it lasts two minutes and is renewed, so that a
 * node that dies protects nothing for long.
 */
public final class Leases {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private static final Duration LEASE_TIME = Duration.ofMinutes(2);

  /**
   * The lease of a manifest: nginx does not tell when it has read the files, so it lasts as long as
   * URLs are valid by default.
   */
  private static final Duration MANIFEST_LEASE_TIME = Duration.ofHours(12);

  /**
   * The time for which a download that its client removes keeps its contents, so that every node
   * that is sending them notices, and holds them.
   */
  static final Duration NOTICE_TIME = Duration.ofMinutes(1);

  /**
   * The maximum number of manifests that are remembered; of earlier ones archives may break off.
   */
  private static final int MAX_MANIFESTS = 10_000;

  private static final int MAX_REMOVED = 1000;

  private final DownloadStore store;
  private final Clock clock;
  private final Map<String, HeldDownload> held = new ConcurrentHashMap<>();

  /** Until when nginx may fetch files of manifests, by the ids, the earliest manifest first. */
  private final Map<String, Instant> manifests = new LinkedHashMap<>();

  /** The protection of a download; to be closed once. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A download that is read: the number of its readers, and the time until which it is protected.
   */
  private record HeldDownload(int readers, Instant until) {}

  /** Makes leases of the downloads in a store. */
  public Leases(DownloadStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Protects a download until the lease is closed.
   *
   * @throws LadingException {@code EXPIRED} if its removal has begun
   */
  public Lease hold(Download download) {
    Instant until =
        extended(download.id(), download.expires(), LEASE_TIME.dividedBy(2), LEASE_TIME);
    held.merge(download.id(), new HeldDownload(1, until), Leases::merged);
    return () -> release(download.id());
  }

  /** Protects a download for as long as nginx may take to fetch the files of its manifest. */
  public void holdForManifest(Download download) {
    extended(download.id(), download.expires(), MANIFEST_LEASE_TIME, MANIFEST_LEASE_TIME);
    synchronized (manifests) {
      manifests.remove(download.id());
      manifests.put(download.id(), clock.instant().plus(MANIFEST_LEASE_TIME));
      if (manifests.size() > MAX_MANIFESTS) {
        manifests.remove(manifests.keySet().iterator().next());
      }
    }
  }

  /**
   * Protects a download further while nginx fetches the files of its manifest, if it is protected
   * for less than half of that time; returns until when it is.
   *
   * @param until the time until which it is protected
   */
  Instant extendForManifest(Download download, Instant until) {
    return extended(download.id(), until, MANIFEST_LEASE_TIME.dividedBy(2), MANIFEST_LEASE_TIME);
  }

  private void release(String id) {
    held.computeIfPresent(
        id,
        (key, lease) ->
            lease.readers == 1 ? null : new HeldDownload(lease.readers - 1, lease.until));
  }

  /**
   * Extends leases that end soon, also those of downloads that were removed before their time; to
   * be called several times a minute.
   */
  public void renew() {
    try {
      store.due(clock.instant().plus(LEASE_TIME), MAX_REMOVED).forEach(this::holdFurther);
    } catch (RuntimeException e) {
      FaultLog.warn(
          log, "Downloads that are removed while they are read could not be looked for", e);
    }
    for (Map.Entry<String, HeldDownload> entry : held.entrySet()) {
      String id = entry.getKey();
      try {
        Instant until = extended(id, entry.getValue().until, LEASE_TIME.dividedBy(2), LEASE_TIME);
        held.computeIfPresent(id, (key, lease) -> new HeldDownload(lease.readers, until));
      } catch (RuntimeException e) {
        FaultLog.warn(
            log,
            "Download "
                + PrintableText.ofId(id)
                + " is being read, but its lease could not be renewed",
            e);
      }
    }
  }

  /** Holds a download that is due soon if it is read here, and nobody knew of its end. */
  private void holdFurther(Download due) {
    HeldDownload lease = held.get(due.id());
    if (lease != null && lease.until.isAfter(clock.instant().plus(LEASE_TIME))) {
      held.computeIfPresent(
          due.id(), (key, known) -> new HeldDownload(known.readers, due.expires()));
    }
    Instant manifest;
    synchronized (manifests) {
      manifest = manifests.remove(due.id());
    }
    if (manifest != null && manifest.isAfter(clock.instant())) {
      boolean unused = store.hold(due.id(), manifest);
    }
  }

  /** Returns the number of archives that this node is sending. */
  public int readers() {
    return held.values().stream().mapToInt(HeldDownload::readers).sum();
  }

  private static HeldDownload merged(HeldDownload one, HeldDownload other) {
    Instant until = one.until.isAfter(other.until) ? one.until : other.until;
    return new HeldDownload(one.readers + other.readers, until);
  }

  /**
   * Protects a download for {@code time} from now, unless it is protected for {@code minimum}
   * already; returns the end.
   */
  private Instant extended(String id, Instant until, Duration minimum, Duration time) {
    Instant now = clock.instant();
    if (!until.isBefore(now.plus(minimum))) {
      return until;
    }
    Instant extended = now.plus(time);
    if (!store.hold(id, extended)) {
      throw LadingException.expired();
    }
    return extended;
  }
}
