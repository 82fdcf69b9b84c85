package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** An object of 100,000 bytes in a store that answers as a test has it, and what is said of it. */
abstract class ScriptedObject {
  static final S3Clients.Timeouts SHORT =
      new S3Clients.Timeouts(
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5));
  static final Instant MODIFIED = Instant.parse("2026-02-03T04:05:06.789Z");
  static final String CONTENT = content(100_000);
  static final Item ITEM = item(CONTENT.length(), "abc");

  final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  static String content(int length) {
    StringBuilder text = new StringBuilder(length + 8);
    for (int i = 0; text.length() < length; i++) {
      text.append(i).append(' ');
    }
    return text.substring(0, length);
  }

  static Item item(long size, @Nullable String version) {
    return new Item(Item.Kind.FILE, "k", "d/k", size, MODIFIED, version);
  }

  /** What a proper store would answer. */
  static Answer part(Request request) {
    int from = offset(request);
    Answer rest = answer(from == 0 ? 200 : 206, CONTENT.substring(from));
    String range = "bytes " + from + "-" + (CONTENT.length() - 1) + "/" + CONTENT.length();
    return from == 0 ? rest : rest.with("Content-Range", range);
  }

  static Answer answer(int status, String body) {
    return new Answer(status, Map.of("ETag", "\"abc\""), body);
  }

  static int offset(Request request) {
    String range = request.headers().getOrDefault("Range", "bytes=0-");
    return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
  }

  static String read(Root root, long position) throws IOException {
    try (InputStream in = root.open(ITEM, position)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  ScriptedS3 store(Function<Request, Answer> script) throws IOException {
    ScriptedS3 store = new ScriptedS3(script);
    opened.add(store);
    return store;
  }

  S3Root root(ScriptedS3 store) {
    return root(TestSettings.at(store.endpoint()).region("us-east-1"));
  }

  S3Root root(S3RootSettings.Builder settings) {
    S3Root root = new S3Root(settings.build(), SHORT);
    opened.add(0, root);
    return root;
  }

  static void assertChanged(ThrowingCallable call) {
    assertFails(call, ErrorCode.CHANGED, "The object 'd/k' changed since the download was made");
  }

  static void assertUnavailable(ThrowingCallable call, String what) {
    assertFails(call, ErrorCode.STORAGE_UNAVAILABLE, what);
  }

  static void assertFails(ThrowingCallable call, ErrorCode code, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(LadingException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}
