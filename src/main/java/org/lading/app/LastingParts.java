package org.lading.app;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.lading.api.NginxSightings;
import org.lading.config.DatabaseSettings;
import org.lading.health.Readiness;
import org.lading.limit.AddressUse;
import org.lading.metrics.Metrics;
import org.lading.store.Database;

/** What an application and the one that takes its place have in common. */
final class LastingParts implements AutoCloseable {
  private final Readiness readiness = new Readiness();
  private final NginxSightings sightings;
  private final SettingsReport settings;
  private final Metrics metrics = new Metrics();
  private final Sending sending;
  private final AddressUse addresses = new AddressUse();
  private @Nullable Database database;
  private @Nullable LibraryLogs logs;
  private boolean isFirst = true;

  /** Makes those that open nothing. */
  LastingParts(Clock clock) {
    this.sightings = new NginxSightings(clock);
    this.settings = new SettingsReport(clock);
    this.sending = new Sending(metrics, clock);
  }

  /** Returns whether this node can take requests. */
  Readiness readiness() {
    return readiness;
  }

  /** Returns what nginx said of itself. */
  NginxSightings sightings() {
    return sightings;
  }

  /** Returns what is known of the settings file. */
  SettingsReport settings() {
    return settings;
  }

  /** Returns what the process sends. */
  Sending sending() {
    return sending;
  }

  /** Returns the metrics of the process, of which each application has a successor. */
  Metrics metrics() {
    return metrics;
  }

  /** Returns what addresses have used of their limits. */
  AddressUse addresses() {
    return addresses;
  }

  /** Returns the database, which is opened at the first call. */
  synchronized Database database(DatabaseSettings database) {
    Database open = this.database;
    if (open == null) {
      open = open(database);
      open.measurePools(metrics.poolRegistry());
      this.database = open;
    }
    return open;
  }

  private Database open(DatabaseSettings database) {
    LibraryLogs quiet = new LibraryLogs();
    try {
      Database opened = OwnParts.openDatabase(database);
      quiet.passOutages(opened::noteOutage);
      this.logs = quiet;
      return opened;
    } catch (RuntimeException | Error e) {
      quiet.close();
      throw e;
    }
  }

  /** Returns whether no application has used them yet. */
  synchronized boolean isFirst() {
    return isFirst;
  }

  /** Takes note that an application uses them. */
  synchronized void use() {
    isFirst = false;
  }

  /** Closes the database, which is opened anew if it is needed again. */
  synchronized void closeDatabase() {
    if (database != null) {
      database.close();
      database = null;
      if (logs != null) {
        logs.close();
      }
    }
  }

  @Override
  public void close() {
    closeDatabase();
    metrics.close();
  }
}
