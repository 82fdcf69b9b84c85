package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import org.lading.testing.Http.Reply;

/** Which hostile names of content are refused, and how; all others must work. */
final class HostileFiles {
  private HostileFiles() {}

  /** Whether a create was refused for the name; fails if it should have been, or not. */
  static boolean isRefused(Reply reply, String name) {
    boolean mustBe =
        name.indexOf('\\') >= 0 || name.chars().anyMatch(c -> Character.isISOControl((char) c));
    if (!mustBe) {
      assertThat(reply.status()).as(name + ": " + reply).isEqualTo(201);
      return false;
    }
    assertThat(reply.status()).as(name).isEqualTo(400);
    assertThat(reply.json().get("code").asText()).isEqualTo("invalid_name");
    assertThat(reply.json().get("path").asText()).endsWith(name);
    return true;
  }
}
