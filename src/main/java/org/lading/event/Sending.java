package org.lading.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.base.PrintableText;
import org.lading.error.FaultLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try to send a message, by its node. Safe for several threads. */
final class Sending {
  private static final Logger log = LoggerFactory.getLogger(Sending.class);

  private final Claim claim;
  private final Sender sender;
  private volatile Instant renewed;
  private volatile @Nullable Outcome outcome;
  private boolean isReported;

  /**
   * Makes a try that has not begun.
   *
   * @param claimed the time of the claim
   */
  Sending(Claim claim, Sender sender, Instant claimed) {
    this.claim = claim;
    this.sender = sender;
    this.renewed = claimed;
  }

  Claim claim() {
    return claim;
  }

  Receiver receiver() {
    return claim.message().receiver();
  }

  /** Returns how it has ended, or null. */
  @Nullable Outcome outcome() {
    return outcome;
  }

  /** Returns whether the claim was made or renewed before a time. */
  boolean isToBeRenewed(Instant before) {
    return renewed.isBefore(before);
  }

  void renewed(Instant now) {
    renewed = now;
  }

  /** Sends the message, and keeps the outcome. */
  void send() {
    Outcome ended = Outcome.tryAgain("the sender failed");
    try {
      ended = LogContext.during(subject(claim.message()), () -> sender.send(claim.message()));
    } catch (RuntimeException e) {
      FaultLog.warn(log, this + ": the sender failed", e);
    } finally {
      outcome = ended;
    }
  }

  /** Returns whether the outcome could not be recorded for the first time: one line is enough. */
  synchronized boolean isFirstFailure() {
    boolean isFirst = !isReported;
    isReported = true;
    return isFirst;
  }

  /** Returns the pause until the next try. */
  Duration pause() {
    List<Duration> pauses = sender.pauses();
    Duration pause = pauses.get(Math.min(claim.message().tries(), pauses.size() - 1));
    Outcome ended = outcome;
    Duration asked = ended == null ? null : ended.minPause();
    return asked == null || asked.compareTo(pause) < 0 ? pause : asked;
  }

  /** Names a message for the log. Paths and queries of URLs may have secrets, and are left out. */
  static String subject(Message message) {
    return "Message %s of %s to %s"
        .formatted(
            message.kind().name().toLowerCase(Locale.ROOT),
            PrintableText.ofId(message.stream()),
            message.receiver().name());
  }

  @Override
  public String toString() {
    return subject(claim.message());
  }
}
