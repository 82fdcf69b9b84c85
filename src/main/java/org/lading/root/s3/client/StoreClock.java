package org.lading.root.s3.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.retry.ClockSkew;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Knows how far a store's clock is ahead of this machine's, from the {@code Date} of every answer.
 * Where a store has refused a request, and accepts what is signed for the time that the refusal
 * told, another date of that answer is not its own but that of a proxy before it.
 *
 * <p>A store refuses what is signed for another time than its own. The SDK corrects its signatures
 * by that header too, but tells nobody; presigned URLs are made without a call that could be
 * refused, so that they need the correction from here.
 */
public final class StoreClock {
  private static final Logger log = LoggerFactory.getLogger(StoreClock.class);

  /** The difference of two clocks from which on one of them counts as wrong. */
  static final Duration MAX_USUAL = Duration.ofMinutes(1);

  /** The time after which an answer no longer tells the store's time. */
  static final Duration MAX_AGE = Duration.ofMinutes(10);

  /** The time after which a store that did not answer is asked again. */
  static final Duration MAX_SILENCE = Duration.ofSeconds(30);

  /** The difference from its own time for which S3 refuses a signature. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(15);

  private static final int FORBIDDEN = 403;
  private static final int INTERNAL_ERROR = 500;
  private static final DateTimeFormatter SIGNING_TIME_FORM =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX", Locale.ROOT);

  private final String root;
  private final Clock clock;
  private final LongSupplier nanos;
  private volatile @Nullable Known known;

  /**
   * What is known at one moment.
   *
   * @param ahead how far the store's clock is ahead, or null if it never told
   * @param isOfRefusal whether a refusal told it
   * @param until the value of {@code nanos} until which this holds
   * @param clockMinusNanos the difference of the two sources of time, in nanoseconds; it changes
   *     when somebody sets the machine's clock
   */
  private record Known(
      @Nullable Duration ahead, boolean isOfRefusal, long until, long clockMinusNanos) {
    /** Tells whether a signature is for the store's time as a refusal has told it. */
    boolean isConfirmedBy(@Nullable Instant accepted, Instant sent) {
      return isOfRefusal
          && ahead != null
          && accepted != null
          && Duration.between(sent.plus(ahead), accepted).abs().compareTo(MAX_SKEW) < 0;
    }
  }

  /** Makes a clock of the store of the root with that name. */
  public StoreClock(String root) {
    this(root, Clock.systemUTC(), System::nanoTime);
  }

  StoreClock(String root, Clock clock, LongSupplier nanos) {
    this.root = root;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Returns this machine's time, in milliseconds. */
  long millis() {
    return clock.millis();
  }

  /**
   * Learns from an answer to a request that was sent at a time of this machine's clock, in
   * milliseconds.
   *
   * @param signed the time for which it was signed, as {@code X-Amz-Date} has it, or null
   */
  synchronized void answered(SdkHttpResponse answer, long sentMillis, @Nullable String signed) {
    if (answer.statusCode() >= INTERNAL_ERROR) {
      return;
    }
    Known last = known;
    Duration before = ahead();
    Instant sent = Instant.ofEpochMilli(sentMillis);
    Instant accepted = answer.isSuccessful() ? signingTime(signed) : null;
    boolean isConfirmed = last != null && last.isConfirmedBy(accepted, sent);
    Duration ahead =
        ClockSkew.getServerTime(answer)
            .filter(date -> !isConfirmed || !isSkewed(date, accepted))
            .map(date -> ahead(date, sent, clock.instant()))
            .orElse(before);
    known =
        new Known(
            ahead,
            isConfirmed || answer.statusCode() == FORBIDDEN,
            nanos.getAsLong() + MAX_AGE.toNanos(),
            clockMinusNanos());
    if (ahead != null) {
      logChange(before == null ? Duration.ZERO : before, ahead);
    }
  }

  /** Remembers for a while that the store did not answer. */
  public synchronized void didNotAnswer() {
    long until = nanos.getAsLong() + MAX_SILENCE.toNanos();
    Known last = known;
    known = new Known(ahead(), last != null && last.isOfRefusal(), until, clockMinusNanos());
  }

  /** Tells whether the store was asked lately, and this machine's clock was not set since. */
  public boolean isKnown() {
    Known now = known;
    return now != null
        && nanos.getAsLong() - now.until() < 0
        && Math.abs(clockMinusNanos() - now.clockMinusNanos()) < MAX_USUAL.toNanos();
  }

  /** Returns the store's time as a clock, or this machine's if the store has never told it. */
  public Clock signingTime() {
    Duration ahead = ahead();
    return ahead == null ? clock : Clock.offset(clock, ahead);
  }

  /** Returns a sentence about clocks that differ, or empty if they agree or nothing is known. */
  public Optional<String> warning() {
    Duration ahead = ahead();
    return ahead == null || !isWrong(ahead)
        ? Optional.empty()
        : Optional.of(
            "The store's clock is %s %s than this machine's: one of the two is wrong"
                .formatted(words(ahead.abs()), ahead.isNegative() ? "earlier" : "later"));
  }

  private @Nullable Duration ahead() {
    Known now = known;
    return now == null ? null : now.ahead();
  }

  /**
   * Returns how far a store's clock is ahead, from the whole second in which it answered: zero if
   * that is possible, else the least that is possible, since what is signed too early is valid.
   */
  private static Duration ahead(Instant date, Instant sent, Instant received) {
    Duration least = Duration.between(received, date);
    Duration most = Duration.between(sent, date.plusSeconds(1));
    return least.compareTo(Duration.ZERO) <= 0 && !most.isNegative() ? Duration.ZERO : least;
  }

  private static boolean isSkewed(Instant date, @Nullable Instant accepted) {
    return accepted != null && Duration.between(accepted, date).abs().compareTo(MAX_SKEW) >= 0;
  }

  private static @Nullable Instant signingTime(@Nullable String header) {
    try {
      return header == null ? null : SIGNING_TIME_FORM.parse(header, Instant::from);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private void logChange(Duration before, Duration now) {
    if (isWrong(now.minus(before))) {
      log.warn(
          "root {}: {}. Locations are signed with the time of the store.",
          root,
          warning().orElse("The clocks of this machine and of the store agree again"));
    }
  }

  private static boolean isWrong(Duration difference) {
    return difference.abs().compareTo(MAX_USUAL) >= 0;
  }

  private static String words(Duration difference) {
    return difference.toHours() > 0
        ? "%d h %d min".formatted(difference.toHours(), difference.toMinutesPart())
        : difference.toMinutes() + " min";
  }

  private long clockMinusNanos() {
    return TimeUnit.MILLISECONDS.toNanos(clock.millis()) - nanos.getAsLong();
  }
}
