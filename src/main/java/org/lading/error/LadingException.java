package org.lading.error;

import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/** A failure that the caller sees: a code, a sentence, and the target at fault if there is one. */
public final class LadingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;
  private final @Nullable String source;
  private final @Nullable String file;
  private final boolean isArchived;
  private final transient @Nullable Pause pause;
  private volatile boolean isTold;

  /** Makes a failure without a target at fault; {@code message} is a sentence for the caller. */
  public LadingException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** Makes a failure without a target at fault; {@code cause} is for the log. */
  public LadingException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(new Failure(code, message, null, null, null), cause);
  }

  /**
   * Makes a {@code MISSING_OR_INVALID_TARGET} exception for an object that is in an archive, such
   * as S3 Glacier, and has to be restored before it can be read.
   */
  public static LadingException archived(String message) {
    return new LadingException(
        new Failure(ErrorCode.MISSING_OR_INVALID_TARGET, message, null, null, null),
        null,
        null,
        null,
        true,
        null);
  }

  /** Makes a failure of a request that may come again after a pause. */
  public static LadingException pausing(ErrorCode code, String message, Pause pause) {
    return new LadingException(
        new Failure(code, message, null, null, null), null, null, null, false, pause);
  }

  /**
   * Makes a {@code CHANGED} exception: something changed since the download was made.
   *
   * @param what the kind of thing, as a sentence begins with it: {@code The file}
   * @param name its name, which may hold any characters; also the {@link #file} until {@link
   *     #ofSource} says which it is in the archive
   * @param cause the exception that showed the change, or null
   */
  public static LadingException changed(String what, String name, @Nullable Throwable cause) {
    String sentence =
        what + " '" + PrintableText.of(name) + "' changed since the download was made";
    Failure failure = new Failure(ErrorCode.CHANGED, sentence, null, null, null);
    return new LadingException(failure, cause, null, name, false, null);
  }

  /**
   * Makes the exception for a request that the container or Jersey refuses with a status of 4xx.
   */
  public static LadingException ofStatus(int status) {
    return switch (status) {
      case 404 -> new LadingException(ErrorCode.NOT_FOUND, "There is no such page");
      case 405 ->
          new LadingException(ErrorCode.METHOD_NOT_ALLOWED, "This page does not take that method");
      case 406 ->
          new LadingException(
              ErrorCode.NOT_ACCEPTABLE, "This page has no form that the Accept header names");
      case 413 -> new LadingException(ErrorCode.TOO_LARGE, "The request is too large");
      case 415 ->
          new LadingException(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE, "This page does not take that Content-Type");
      default -> new LadingException(ErrorCode.UNPARSEABLE, "The request cannot be read");
    };
  }

  /** Makes a {@code NOT_FOUND} exception: there is no such download under the root. */
  public static LadingException noSuchDownload() {
    return new LadingException(ErrorCode.NOT_FOUND, "Requested archive not found");
  }

  /** Makes an {@code EXPIRED} exception: the time of the download is up. */
  public static LadingException expired() {
    return new LadingException(ErrorCode.EXPIRED, "The download expired");
  }

  /** Makes an {@code EXPIRED} exception: its client has removed the download. */
  public static LadingException removed() {
    return new LadingException(ErrorCode.EXPIRED, "The download was removed by its client");
  }

  LadingException(Failure failure, @Nullable Throwable cause) {
    this(failure, cause, null, null, false, null);
  }

  private LadingException(
      Failure failure,
      @Nullable Throwable cause,
      @Nullable String source,
      @Nullable String file,
      boolean isArchived,
      @Nullable Pause pause) {
    super(failure.sentence(), cause);
    this.failure = failure;
    this.source = source;
    this.file = file;
    this.isArchived = isArchived;
    this.pause = pause;
  }

  /**
   * Copies this failure with the place of what failed, which only the log gets.
   *
   * @param name its name in the archive
   */
  public LadingException ofSource(String place, String name) {
    LadingException placed = new LadingException(failure, this, place, name, isArchived, pause);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** Returns the sentence, and the place of what failed where it is known, for the log. */
  @Override
  public @Nullable String getMessage() {
    return source == null ? super.getMessage() : super.getMessage() + " [" + source + "]";
  }

  /** Copies this failure with the index (from 0) and the path of the target at fault. */
  public LadingException at(int index, @Nullable String targetPath) {
    LadingException placed =
        new LadingException(
            new Failure(code(), sentence(), index, targetPath, null),
            this,
            null,
            file,
            isArchived,
            pause);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** Copies this failure with words and a colon before its sentence. */
  public LadingException after(String words) {
    LadingException longer =
        new LadingException(
            new Failure(
                code(),
                words + ": " + sentence(),
                failure.targetIndex(),
                failure.path(),
                failure.incident()),
            this,
            source,
            file,
            isArchived,
            pause);
    longer.setStackTrace(getStackTrace());
    return longer;
  }

  /** Returns whether what failed is in an archive, and can be read once it was restored. */
  public boolean isArchived() {
    return isArchived;
  }

  /** Notes that the log has the cause of this failure, and of others like it, and returns it. */
  public LadingException told() {
    isTold = true;
    return this;
  }

  /** Returns whether the log has the cause of this failure. */
  boolean isTold() {
    return isTold;
  }

  /** Returns the part that callers see. */
  public Failure failure() {
    return failure;
  }

  /** Returns when the request may come again, or null if that is only known of its code. */
  public @Nullable Pause pause() {
    return pause;
  }

  /** Returns the name of the file at fault, in the archive if that is known, or null. */
  public @Nullable String file() {
    return file;
  }

  /** Returns the code of a failure; {@code INTERNAL} of one that is no {@code LadingException}. */
  public static ErrorCode codeOf(@Nullable Throwable failure) {
    return failure instanceof LadingException known ? known.code() : ErrorCode.INTERNAL;
  }

  /** Returns the code, which also decides the HTTP status. */
  public ErrorCode code() {
    return failure.code();
  }

  /** Returns the sentence for the caller. */
  public String sentence() {
    return failure.sentence();
  }
}
