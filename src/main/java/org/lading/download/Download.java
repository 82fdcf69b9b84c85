package org.lading.download;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ArchivePoint;

/**
 * A stored request.
 *
 * @param id 192 random bits, base64url, 32 characters
 * @param root the name of the request's root, under which the download is addressed
 * @param zipName the archive's name without {@code .zip}, or null to name it after the id
 * @param state how far it is
 * @param attempt how often its preparation was begun; the number of the one that is running
 * @param failures how often it broke off, and was or will be begun again
 * @param created when it was asked for
 * @param started when its preparation was last begun, or null
 * @param settled when it became ready, or failed for good, or null
 * @param expires when it is deleted
 * @param totals what its entries add up to; so far, while they are being made
 * @param failure why it failed, or why its preparation last broke off; else null
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
    @Nullable Failure failure) {

  /** How far a download is. */
  public enum State {
    /** Nobody prepares it at the moment; somebody will. */
    PENDING,
    /** Its entries are being made. */
    CREATING_MANIFEST,
    /** Its entries are complete. */
    READY,
    /** Something that it asks for cannot be had, or not under that name. */
    MISSING_OR_INVALID_TARGETS,
    /** It could not be prepared, for another reason. */
    FAILED,
    /** Its time is up. */
    EXPIRED;

    /** The state as answers spell it: lower case with underscores. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing but its expiry will change it. */
    public boolean isSettled() {
      return this != PENDING && this != CREATING_MANIFEST;
    }
  }

  /**
   * What the entries add up to.
   *
   * @param entries members of the archive
   * @param files members that are files
   * @param bytes the sum of the files' sizes
   * @param modZipLength the exact length in bytes of the archive that mod_zip makes
   * @param archiveLength the exact length in bytes of the archive that Lading streams itself
   * @param end the place in that archive behind the last entry
   * @param fingerprint lower-case hex digest of everything that the archive is made of
   * @param roots the names of the roots in which bytes of the entries lie, or null if that is not
   *     known: while they are being made, and of downloads that were made before it was kept
   */
  public record Totals(
      long entries,
      long files,
      long bytes,
      long modZipLength,
      long archiveLength,
      ArchivePoint end,
      String fingerprint,
      @Nullable Set<String> roots) {
    /** The totals of a download without entries. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, ArchivePoint.START, "", null);
  }

  /** A new one, to be prepared. */
  static Download pending(
      String id, String root, @Nullable String zipName, Instant created, Instant expires) {
    return new Download(
        id, root, zipName, State.PENDING, 0, 0, created, null, null, expires, Totals.NONE, null);
  }

  /** The same, ready. */
  public Download ready(Totals complete, Instant now) {
    return settled(State.READY, complete, null, now);
  }

  /** The same, failed for good. */
  public Download failed(Failure reason, Instant now) {
    return settled(stateOf(reason.code()), Totals.NONE, reason, now);
  }

  /** The same, to be prepared again; {@code reason} says what it broke off with, if it did. */
  public Download again(@Nullable Failure reason) {
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
        reason);
  }

  /** The same, as it is to be seen at a time: a row that nobody has looked at may be overdue. */
  Download at(Instant now) {
    return state != State.EXPIRED && now.isBefore(expires)
        ? this
        : settled(State.EXPIRED, totals, LadingException.expired().failure(), expires);
  }

  /** The file name of the archive. */
  public String fileName() {
    return (zipName == null ? id : zipName) + ".zip";
  }

  private Download settled(State end, Totals counted, @Nullable Failure reason, Instant when) {
    return new Download(
        id, root, zipName, end, attempt, failures, created, started, when, expires, counted,
        reason);
  }

  private static State stateOf(ErrorCode code) {
    return switch (code) {
      case MISSING_OR_INVALID_TARGET, INVALID_NAME, INVALID_ROOT, EMPTY, TOO_LARGE ->
          State.MISSING_OR_INVALID_TARGETS;
      default -> State.FAILED;
    };
  }
}
