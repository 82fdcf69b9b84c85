package org.lading.root.s3;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Which paths, keys and objects can be members of an archive; stateless. */
final class S3Keys {
  /** The longest key of S3, in bytes of UTF-8. */
  private static final int MAX_KEY_BYTES = 1024;

  private static final String RESTORED = "ongoing-request=\"false\"";

  private S3Keys() {}

  /** The path below the prefix: without one leading slash, otherwise as it is. */
  static String relative(String path) {
    if (!isSafe(path)) {
      throw invalid(
          "The path " + quoted(path) + " has a .. segment or a character that no path may have");
    }
    return path.startsWith("/") ? path.substring(1) : path;
  }

  /** The key of the file at the path. */
  static String fileKey(String prefix, String path) {
    String relative = relative(path);
    if (relative.isEmpty() || relative.endsWith("/")) {
      throw invalid("The path " + quoted(path) + " is a directory, not a file");
    }
    String key = prefix + relative;
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw invalid("The path " + quoted(path) + " is not there: no key is that long");
    }
    return key;
  }

  /** What the keys of everything in the directory at the path begin with. */
  static String directoryPrefix(String prefix, String path) {
    String relative = relative(path);
    if (relative.isEmpty()) {
      return prefix;
    }
    String directory = prefix + (relative.endsWith("/") ? relative : relative + "/");
    if (directory.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw invalid("The path " + quoted(path) + " is not there: no key is that long");
    }
    return directory;
  }

  /** Refuses a listed key that could not be asked for, nor pass through nginx unharmed. */
  static void requireSafeKey(String key) {
    if (!isSafe(key)) {
      throw invalid(
          "The object " + quoted(key) + " has a .. segment or a character that no path may have");
    }
  }

  /** The part of a key behind its last slash. */
  static String lastName(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** The part of a key up to its last slash, with it; empty if it has none. */
  static String parent(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  static boolean hasParentSegment(String path) {
    return ("/" + path + "/").contains("/../");
  }

  /** Whether a listed object's storage class needs a restore before it can be read. */
  static boolean isArchiveClass(S3Object object) {
    return isArchiveClass(object.storageClassAsString());
  }

  /**
   * Whether some objects of a listed object's storage class are archived, and only a HEAD tells.
   */
  static boolean isTieredClass(S3Object object) {
    return "INTELLIGENT_TIERING".equals(object.storageClassAsString());
  }

  /** Whether the listing says that a readable copy of an archived object is there now. */
  static boolean isRestored(S3Object object) {
    return object.restoreStatus() != null
        && Boolean.FALSE.equals(object.restoreStatus().isRestoreInProgress());
  }

  /** Whether the object cannot be read until it has been restored. */
  static boolean isArchived(HeadObjectResponse head) {
    boolean archived =
        isArchiveClass(head.storageClassAsString()) || head.archiveStatusAsString() != null;
    String restore = head.restore();
    return archived && (restore == null || !restore.contains(RESTORED));
  }

  static LadingException archived(String key) {
    return invalid("The object " + quoted(key) + " is archived and has to be restored first");
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

  /** The ETag without the quotes that HTTP puts around it, or null. */
  static @Nullable String version(@Nullable String etag) {
    if (etag != null && etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")) {
      return etag.substring(1, etag.length() - 1);
    }
    return etag;
  }

  private static boolean isArchiveClass(@Nullable String storageClass) {
    return "GLACIER".equals(storageClass) || "DEEP_ARCHIVE".equals(storageClass);
  }

  /** Intermediaries resolve {@code ..} and end strings at NUL, whatever S3 itself would do. */
  private static boolean isSafe(String path) {
    return !hasParentSegment(path) && path.indexOf('\0') < 0 && isUnicode(path);
  }

  private static boolean isUnicode(String path) {
    // Nearly all keys have no surrogates at all, and encoders are dear.
    return path.chars().noneMatch(c -> Character.isSurrogate((char) c))
        || StandardCharsets.UTF_8.newEncoder().canEncode(path);
  }
}
