package org.lading.nginx.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/** What came back for a request, whole or in part. */
final class Answer {
  private static final int MAX_QUOTED = 200;

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;
  private final @Nullable Throwable failure;

  /**
   * Makes an answer.
   *
   * @param status the status, or 0 if no head came
   * @param headers the headers; none without a head
   * @param body what came of the body
   * @param failure why it is not whole, or null if it is
   */
  Answer(int status, HttpHeaders headers, byte[] body, @Nullable Throwable failure) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.failure = failure;
  }

  /** Returns the answer to a request for which no head came. */
  static Answer none(Throwable failure) {
    return new Answer(0, HttpHeaders.of(Map.of(), (name, value) -> true), new byte[0], failure);
  }

  /** Returns the status, or 0 if no head came. */
  int status() {
    return status;
  }

  /** Returns what came of the body, not to be changed. */
  byte[] body() {
    return body;
  }

  /** Returns why the answer is not whole, or null if it is. */
  @Nullable Throwable failure() {
    return failure;
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
