package org.lading.download;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.base.FileNames;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.Renamings;
import org.lading.manifest.SourceChanges;
import org.lading.manifest.names.PortableNames;

/**
 * A request for an archive, with the state of its preparation.
 *
 * @param id 192 random bits, base64url, 32 characters
 * @param root the name of the request's root, under which the download is addressed
 * @param zipName the archive's name without {@code .zip}, or null to name it after the id
 * @param state the state
 * @param attempt the number of attempts at its preparation, and so the number of the running one
 * @param failures the number of attempts that broke off and were, or will be, followed by another
 * @param created the time of the request
 * @param started the beginning of the last attempt, or null
 * @param settled the time when it became ready or failed for good, or null
 * @param expires the time when it is deleted
 * @param totals the totals of its entries; of those so far, while they are being made
 * @param failure the reason why it failed, or why the last attempt broke off; else null
 * @param preparation who asked, and what its preparation has taken so far
 * @param repetition whether it can be prepared again
 * @param changes the sources that were found changed since it became ready, or null
 */
public record Download(
    String id,
    String root,
    @Nullable String zipName,
    State state,
    int attempt,
    int failures,
    Instant created,
    @Nullable Instant started,
    @Nullable Instant settled,
    Instant expires,
    Totals totals,
    @Nullable Failure failure,
    Preparation preparation,
    Repetition repetition,
    @Nullable SourceChanges changes) {

  /** What answers say in place of {@code ready} of a download whose sources changed. */
  static final String CHANGED_WORD = "changed";

  /** The state of a download. */
  public enum State {
    /** The download waits to be prepared. */
    PENDING,
    /** The entries are being made. */
    CREATING_MANIFEST,
    /** The entries are complete. */
    READY,
    /**
     * A target is missing, or has a name that an archive cannot have, or the limits are exceeded.
     */
    MISSING_OR_INVALID_TARGETS,
    /** The preparation failed for another reason. */
    FAILED,
    /** The time of the download is up. */
    EXPIRED;

    /** Returns the state as answers spell it: lower case with underscores. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether nothing but the expiry can change it. */
    public boolean isSettled() {
      return this != PENDING && this != CREATING_MANIFEST;
    }
  }

  /**
   * The totals of a download's entries.
   *
   * @param entries the number of entries
   * @param files the number of entries that are files
   * @param omitted the number of what was left out of directories because it cannot be delivered
   * @param bytes the sum of the files' sizes
   * @param modZipLength the exact length in bytes of the archive that mod_zip makes
   * @param archiveLength the exact length in bytes of the archive that Lading streams itself
   * @param end the point in that archive after the last entry
   * @param fingerprint lower-case hex digest of all entries; the first {@value #SOURCE_DIGITS}
   *     digits are of their sources and names alone, the others of their CRC-32s
   * @param roots the names of the roots in which bytes of the entries lie; none while they are
   *     being made
   * @param prediction how long it takes to make the archive
   * @param renamed the names in the archive that are not those of the request or the sources
   */
  public record Totals(
      long entries,
      long files,
      long omitted,
      long bytes,
      long modZipLength,
      long archiveLength,
      ArchivePoint end,
      String fingerprint,
      Set<String> roots,
      AssemblyPrediction prediction,
      Renamings renamed) {
    /** The number of digits of a fingerprint that do not depend on which CRC-32s are known. */
    public static final int SOURCE_DIGITS = 32;

    /** The totals of a download without entries. */
    public static final Totals NONE =
        new Totals(
            0,
            0,
            0,
            0,
            0,
            0,
            ArchivePoint.START,
            "",
            Set.of(),
            AssemblyPrediction.NONE,
            Renamings.NONE);

    /** Returns whether the entries are the same, whatever CRC-32s were known of them. */
    public boolean hasSameSources(Totals other) {
      return fingerprint.regionMatches(0, other.fingerprint, 0, SOURCE_DIGITS);
    }
  }

  /**
   * Who asked for a download, and what decides when it is prepared, and for how long.
   *
   * @param client the name of the client that asked for it
   * @param subject for whom the client asked, in its own words, or null
   * @param isOfLink whether a plain link asked for it, which alone leads to it then: the right to
   *     the link may end, and its id is no way around that
   * @param lane the lane in which it is prepared
   * @param begun the beginning of the first attempt in that lane, or null
   * @param steps the number of steps of all attempts that have ended, and of the running one when
   *     it was last stored
   * @param nextTry the time of the next attempt after one that failed, or null
   */
  public record Preparation(
      String client,
      @Nullable String subject,
      boolean isOfLink,
      Lane lane,
      @Nullable Instant begun,
      long steps,
      @Nullable Instant nextTry) {
    /** Makes that of a new download. */
    static Preparation of(String client, @Nullable String subject) {
      return new Preparation(client, subject, false, Lane.QUICK, null, 0, null);
    }
  }

  /**
   * Whether a download can be prepared again, as another one with the same targets.
   *
   * @param isAllowed whether whoever has the id may ask for that, so that the targets are kept
   *     until the download expires
   * @param successor the id of the download that was made last in its place, or null
   */
  public record Repetition(boolean isAllowed, @Nullable String successor) {
    /** The repetition of a download whose targets are not kept. */
    public static final Repetition NONE = new Repetition(false, null);
  }

  /** Makes a new download, which waits to be prepared. */
  public static Download pending(
      String id, CreateRequest request, String client, Instant created, Instant expires) {
    return new Download(
        id,
        request.root(),
        request.manifest().zipName(id),
        State.PENDING,
        0,
        0,
        created,
        null,
        null,
        expires,
        Totals.NONE,
        null,
        Preparation.of(client, request.origin().subject()),
        new Repetition(request.isRepeatable(), null),
        null);
  }

  /** Copies this download as ready. */
  public Download ready(Totals complete, Instant now) {
    return settled(State.READY, complete, null, now);
  }

  /** Copies this download as failed for good. */
  public Download failed(Failure reason, Instant now) {
    return settled(stateOf(reason.code()), Totals.NONE, reason, now);
  }

  /**
   * Copies this download as waiting for the next attempt, after a failure or without one (null).
   *
   * @param nextTry the time of that attempt, or null if it is near
   */
  public Download pendingAgain(@Nullable Failure reason, @Nullable Instant nextTry) {
    return new Download(
        id,
        root,
        zipName,
        State.PENDING,
        attempt,
        reason == null ? failures : failures + 1,
        created,
        started,
        null,
        expires,
        Totals.NONE,
        reason,
        new Preparation(
            preparation.client(),
            preparation.subject(),
            preparation.isOfLink(),
            preparation.lane(),
            preparation.begun(),
            preparation.steps(),
            nextTry),
        repetition,
        changes);
  }

  /** Copies this download as waiting for its first attempt in the long lane. */
  Download pendingInLongLane() {
    Preparation moved =
        new Preparation(
            preparation.client(),
            preparation.subject(),
            preparation.isOfLink(),
            Lane.LONG,
            null,
            preparation.steps(),
            null);
    return pendingAgain(null, null).with(moved);
  }

  /** Copies this new download as one that a plain link asks for. */
  public Download ofLink() {
    return with(
        new Preparation(
            preparation.client(),
            preparation.subject(),
            true,
            preparation.lane(),
            null,
            preparation.steps(),
            null));
  }

  /** Copies this download with another number of steps. */
  Download withSteps(long steps) {
    return with(
        new Preparation(
            preparation.client(),
            preparation.subject(),
            preparation.isOfLink(),
            preparation.lane(),
            preparation.begun(),
            steps,
            preparation.nextTry()));
  }

  /** Copies this download with the name by which one request gets its archive. */
  public Download named(String name) {
    return with(name, preparation);
  }

  private Download with(Preparation other) {
    return with(zipName, other);
  }

  private Download with(@Nullable String name, Preparation other) {
    return new Download(
        id,
        root,
        name,
        state,
        attempt,
        failures,
        created,
        started,
        settled,
        expires,
        totals,
        failure,
        other,
        repetition,
        changes);
  }

  /** Returns whether it is ready, and a source was found changed since. */
  public boolean isChanged() {
    return state == State.READY && changes != null;
  }

  /** Returns the word of its state; that of a ready download whose sources changed says so. */
  public String word() {
    return isChanged() ? CHANGED_WORD : state.word();
  }

  /** Copies this download as of a time: an expired one may still be stored in another state. */
  public Download at(Instant now) {
    return state != State.EXPIRED && now.isBefore(expires)
        ? this
        : settled(State.EXPIRED, totals, reasonOfExpiry(), expires);
  }

  private Failure reasonOfExpiry() {
    return failure != null && failure.code() == ErrorCode.EXPIRED
        ? failure
        : LadingException.expired().failure();
  }

  /** Returns the file name of the archive: portable, and of at most 255 bytes of UTF-8. */
  public String fileName() {
    return FileNames.append(zipName == null ? id : PortableNames.segment(zipName, id), ".zip");
  }

  private Download settled(
      State newState, Totals newTotals, @Nullable Failure reason, Instant time) {
    return new Download(
        id,
        root,
        zipName,
        newState,
        attempt,
        failures,
        created,
        started,
        time,
        expires,
        newTotals,
        reason,
        preparation,
        repetition,
        changes);
  }

  private static State stateOf(ErrorCode code) {
    return switch (code) {
      case MISSING_OR_INVALID_TARGET, NOT_FOUND, INVALID_NAME, INVALID_ROOT, EMPTY, TOO_LARGE ->
          State.MISSING_OR_INVALID_TARGETS;
      default -> State.FAILED;
    };
  }
}
