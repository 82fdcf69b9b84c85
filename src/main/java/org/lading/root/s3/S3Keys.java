package org.lading.root.s3;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.base.UnicodeCheck;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Converts paths to keys, and tells which keys and objects can be members of an archive. */
final class S3Keys {
  /** The length limit of a key in S3, in bytes of UTF-8. */
  private static final int MAX_KEY_BYTES = 1024;

  private static final String RESTORED = "ongoing-request=\"false\"";

  private S3Keys() {}

  /** Returns a path without one leading slash; fails if it has a {@code ..} or cannot be a key. */
  static String relative(String path) {
    if (!isSafe(path)) {
      throw invalid(
          "The path " + quoted(path) + " has a .. segment or a character that no path may have");
    }
    return path.startsWith("/") ? path.substring(1) : path;
  }

  /** Returns the key of the file at a path; fails if that is the path of a directory. */
  static String fileKey(String prefix, String path) {
    String relative = relative(path);
    if (relative.isEmpty() || relative.endsWith("/")) {
      throw invalid("The path " + quoted(path) + " is a directory, not a file");
    }
    return requireLength(prefix + relative, path);
  }

  /** Returns the prefix of all keys in the directory at a path. */
  static String directoryPrefix(String prefix, String path) {
    String relative = relative(path);
    if (relative.isEmpty()) {
      return prefix;
    }
    String directory = prefix + (relative.endsWith("/") ? relative : relative + "/");
    return requireLength(directory, path);
  }

  private static String requireLength(String key, String path) {
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw invalid("The path " + quoted(path) + " is not there: no key is that long");
    }
    return key;
  }

  /** Fails for a listed key that no request can name, or that nginx would change. */
  static void requireSafeKey(String key) {
    if (!isSafe(key)) {
      throw invalid(
          "The object " + quoted(key) + " has a .. segment or a character that no path may have");
    }
  }

  /** Returns the part of a key after its last slash. */
  static String lastName(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  static boolean hasParentSegment(String path) {
    return ("/" + path + "/").contains("/../");
  }

  /** Tells whether objects of a listed object's storage class need a restore to be read. */
  static boolean isArchiveClass(S3Object object) {
    return isArchiveClass(object.storageClassAsString());
  }

  /** Tells whether a listed object may be archived, which only a HEAD of it shows. */
  static boolean isTieredClass(S3Object object) {
    return "INTELLIGENT_TIERING".equals(object.storageClassAsString());
  }

  /** Tells whether a listed, archived object has a readable copy. */
  static boolean isRestored(S3Object object) {
    return object.restoreStatus() != null
        && Boolean.FALSE.equals(object.restoreStatus().isRestoreInProgress());
  }

  /** Tells whether an object cannot be read until it is restored. */
  static boolean isArchived(HeadObjectResponse head) {
    boolean archived =
        isArchiveClass(head.storageClassAsString()) || head.archiveStatusAsString() != null;
    String restore = head.restore();
    return archived && (restore == null || !restore.contains(RESTORED));
  }

  static LadingException archived(String key) {
    return LadingException.archived(
        "The object " + quoted(key) + " is archived and has to be restored first");
  }

  static LadingException invalid(String sentence) {
    return invalid(sentence, null);
  }

  static LadingException invalid(String sentence, @Nullable Throwable cause) {
    return new LadingException(ErrorCode.MISSING_OR_INVALID_TARGET, sentence, cause);
  }

  static String quoted(String path) {
    return "'" + PrintableText.of(path) + "'";
  }

  /** Returns an ETag without the quotes that HTTP puts around it, or null. */
  static @Nullable String version(@Nullable String etag) {
    if (etag != null && etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")) {
      return etag.substring(1, etag.length() - 1);
    }
    return etag;
  }

  private static boolean isArchiveClass(@Nullable String storageClass) {
    return "GLACIER".equals(storageClass) || "DEEP_ARCHIVE".equals(storageClass);
  }

  /** Refuses {@code ..} and NUL, which proxies resolve or truncate, whatever S3 would do. */
  static boolean isSafe(String path) {
    return !hasParentSegment(path) && path.indexOf('\0') < 0 && UnicodeCheck.isValid(path);
  }
}
