package org.lading.request;

import java.util.Map;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Has the words with which medusa-downloader refuses create requests. */
final class AncestorWords {
  private static final Map<ErrorCode, String> WORDS =
      Map.of(
          ErrorCode.UNPARSEABLE, "Unable to parse request body",
          ErrorCode.INVALID_ROOT, "Invalid root",
          ErrorCode.MISSING_OR_INVALID_TARGET, "Invalid or missing file");

  private AncestorWords() {}

  /** Returns a refusal with the ancestor's words before its sentence, if they are not there. */
  static LadingException before(LadingException refusal) {
    String words = WORDS.get(refusal.code());
    return words == null || refusal.sentence().startsWith(words) ? refusal : refusal.after(words);
  }
}
