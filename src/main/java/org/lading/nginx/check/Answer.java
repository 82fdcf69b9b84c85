package org.lading.nginx.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/**
 * What came back for a request, whole or in part.
 *
 * @param status the status, or 0 if no head came
 * @param headers the headers; none without a head
 * @param body what came of the body
 * @param failure why it is not whole, or null if it is
 */
record Answer(int status, HttpHeaders headers, byte[] body, @Nullable Throwable failure) {
  private static final int MAX_QUOTED = 200;

  /** Returns the answer to a request for which no head came. */
  static Answer none(Throwable failure) {
    return new Answer(0, HttpHeaders.of(java.util.Map.of(), (n, v) -> true), new byte[0], failure);
  }

  boolean isWhole() {
    return failure == null;
  }

  boolean isRedirect() {
    return status >= 300 && status < 400 && header("Location") != null;
  }

  @Nullable String header(String name) {
    return headers.firstValue(name).orElse(null);
  }

  String text() {
    return new String(body, UTF_8);
  }

  /** Returns a field of the JSON object that the body is, or null. */
  @Nullable String field(String name) {
    return FlatJson.field(body, name);
  }

  /** Describes the answer to an administrator, in a few words. */
  String inWords() {
    if (status == 0) {
      return failure == null ? "no answer" : Causes.inWords(failure);
    }
    String error = field("error");
    String said = error != null ? ": " + PrintableText.of(error, MAX_QUOTED) : "";
    String place = isRedirect() ? ", a redirect to " + header("Location") : "";
    return "status " + status + place + said;
  }
}
