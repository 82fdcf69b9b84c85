package org.lading.error;

import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/** A failure that a caller is told about: a code, a sentence, and the target at fault if one is. */
public final class LadingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** A failure with no target at fault; {@code message} is a sentence for the caller. */
  public LadingException(ErrorCode code, String message) {
    this(code, message, null, null, null);
  }

  /** As above, with the cause for the log. */
  public LadingException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, null, null);
  }

  /**
   * {@code CHANGED}: something is not what it was.
   *
   * @param what what it is, as a sentence begins with it: {@code The file}
   * @param name its name, from a stranger
   * @param cause what showed it, or null
   */
  public static LadingException changed(String what, String name, @Nullable Throwable cause) {
    return new LadingException(
        ErrorCode.CHANGED,
        what + " '" + PrintableText.of(name) + "' changed since the download was made",
        cause);
  }

  /** {@code NOT_FOUND}: there is no such download, or not under that root. */
  public static LadingException noSuchDownload() {
    return new LadingException(ErrorCode.NOT_FOUND, "Requested archive not found");
  }

  /** {@code EXPIRED}: there was such a download. */
  public static LadingException expired() {
    return new LadingException(ErrorCode.EXPIRED, "The download expired");
  }

  private LadingException(
      ErrorCode code,
      String message,
      @Nullable Throwable cause,
      @Nullable Integer targetIndex,
      @Nullable String path) {
    super(message, cause);
    this.failure = new Failure(code, message, targetIndex, path, null);
  }

  LadingException(Failure failure) {
    super(failure.sentence());
    this.failure = failure;
  }

  /** The same failure, saying which target of the request (from 0) and which path is at fault. */
  public LadingException at(int index, @Nullable String targetPath) {
    LadingException placed = new LadingException(code(), sentence(), this, index, targetPath);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** What callers are told. */
  public Failure failure() {
    return failure;
  }

  /** The code, which also decides the HTTP status. */
  public ErrorCode code() {
    return failure.code();
  }

  /** The sentence for the caller. */
  public String sentence() {
    return failure.sentence();
  }

  /** The index in the request's {@code targets}, from 0, or null. */
  public @Nullable Integer targetIndex() {
    return failure.targetIndex();
  }

  /** The path of the target at fault, as the request gave it, or null. */
  public @Nullable String path() {
    return failure.path();
  }
}
