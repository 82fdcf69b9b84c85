package org.lading.api.operator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.Transfer;
import org.lading.health.RecentHour;

/**
 * What a node does now, and did in the last hour.
 *
 * @param now when that is
 * @param preparing the downloads that it prepares, the oldest first, or null if the database does
 *     not tell
 * @param sending the archives that it sends, the oldest first
 * @param minutes the last hour
 */
public record Activity(
    Instant now,
    @Nullable List<Download> preparing,
    List<Transfer> sending,
    List<RecentHour.Minute> minutes) {
  /** Copies the lists. */
  public Activity {
    preparing = preparing == null ? null : List.copyOf(preparing);
    sending = List.copyOf(sending);
    minutes = List.copyOf(minutes);
  }
}
