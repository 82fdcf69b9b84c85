package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.error.ErrorCode;
import org.lading.root.Item;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Ending;

/** Objects whose bodies break, hang or are not what was asked for. */
@Timeout(120)
class S3ContentTest extends ScriptedObject {
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void body_cutInTheMiddle_isTakenUpThere() throws Exception {
    ScriptedS3 store =
        store(
            r -> asked.incrementAndGet() == 1 ? part(r).endingAfter(40_000, Ending.CUT) : part(r));

    assertThat(read(root(store), 0)).isEqualTo(CONTENT);

    assertThat(ranges(store)).containsExactly("", "bytes=40000-");
    assertThat(store.requests()).allMatch(r -> "\"abc\"".equals(r.headers().get("If-Match")));
  }

  @Test
  void body_cutAgainAndAgainButGoingOn_isReadWhole() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(10_000, Ending.CUT));

    assertThat(read(root(store), 1)).isEqualTo(CONTENT.substring(1));

    assertThat(ranges(store)).hasSize(10).startsWith("bytes=1-", "bytes=10001-");
  }

  @Test
  void body_thatNeverGoesOn_isUnavailable() throws Exception {
    ScriptedS3 store = store(r -> part(r).endingAfter(offset(r) == 0 ? 500 : 0, Ending.CUT));

    assertUnavailable(() -> read(root(store), 0), "broke off an object several times");

    // The first gave bytes, so that counting begins with its break.
    assertThat(store.requests()).hasSize(ResumingObjectInputStream.MAX_FAILURES_IN_A_ROW);
  }

  @Test
  void body_thatHangs_isTakenUpAgain() throws Exception {
    ScriptedS3 store =
        store(
            r -> asked.incrementAndGet() == 1 ? part(r).endingAfter(40_000, Ending.HANG) : part(r));

    assertThat(read(root(store), 0)).isEqualTo(CONTENT);

    assertThat(ranges(store)).containsExactly("", "bytes=40000-");
  }

  @ParameterizedTest
  @CsvSource({"500, InternalError", "503, SlowDown"})
  void error_thatPasses_isNotSeen(int status, String code) throws Exception {
    ScriptedS3 store =
        store(
            r ->
                switch (asked.incrementAndGet()) {
                  case 2 -> part(r).endingAfter(40_000, Ending.CUT);
                  case 1, 3, 4, 5, 6 -> Answer.error(status, code);
                  default -> part(r);
                });

    assertThat(read(root(store), 0)).isEqualTo(CONTENT);
  }

  @Test
  void error_thatLasts_isUnavailable() throws Exception {
    ScriptedS3 broken = store(r -> Answer.error(500, "InternalError"));
    assertUnavailable(() -> root(broken).open(ITEM, 0), "is out of order");

    ScriptedS3 breaking =
        store(
            r ->
                asked.incrementAndGet() == 1
                    ? part(r).endingAfter(40_000, Ending.CUT)
                    : Answer.error(403, "ExpiredToken"));
    assertUnavailable(() -> read(root(breaking), 0), "does not accept the credentials");
    assertThat(breaking.requests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"412, PreconditionFailed", "404, NoSuchKey", "416, InvalidRange"})
  void refusal_becauseOfTheObject_isAChange(int status, String code) throws Exception {
    ScriptedS3 store = store(r -> Answer.error(status, code));
    assertChanged(() -> root(store).open(ITEM, 0));
    assertChanged(() -> root(store).open(ITEM, 7));
    assertThat(store.requests())
        .filteredOn(r -> r.method().equals("GET") && !r.isListing())
        .hasSize(2);

    ScriptedS3 later =
        store(
            r ->
                offset(r) == 0 && r.method().equals("GET") && !r.isListing()
                    ? part(r).endingAfter(40_000, Ending.CUT)
                    : Answer.error(status, code));
    assertChanged(() -> read(root(later), 0));
    assertThat(ranges(later)).containsExactly("", "bytes=40000-");
  }

  @Test
  void bucket_thatIsGone_isUnavailable() throws Exception {
    ScriptedS3 store = store(r -> Answer.error(404, "NoSuchBucket"));
    assertUnavailable(() -> root(store).open(ITEM, 0), "does not exist");
  }

  @Test
  void object_thatWasArchivedSince_saysSo() throws Exception {
    ScriptedS3 store = store(r -> Answer.error(403, "InvalidObjectState"));
    assertFails(() -> root(store).open(ITEM, 0), ErrorCode.CHANGED, "has to be restored first");
  }

  @Test
  void body_ofAnotherLength_isAChange() throws Exception {
    for (int length : List.of(0, 1, CONTENT.length() - 1, CONTENT.length() + 1)) {
      ScriptedS3 store = store(r -> answer(200, content(length)));
      assertChanged(() -> root(store).open(ITEM, 0));
    }
  }

  @Test
  void body_ofAnotherVersion_isAChangeThoughTheStoreIgnoresTheCondition() throws Exception {
    ScriptedS3 store =
        store(
            r ->
                r.isListing()
                    ? Answer.error(403, "AccessDenied")
                    : part(r).with("ETag", "\"def\""));
    assertChanged(() -> root(store).open(ITEM, 0));
    assertChanged(() -> root(store).open(ITEM, 5));
  }

  @Test
  void object_withoutVersion_isHeldAgainstItsTime() throws Exception {
    Item plain = item(CONTENT.length(), null);
    ScriptedS3 same = store(r -> part(r).with("Last-Modified", "Tue, 03 Feb 2026 04:05:06 GMT"));
    try (InputStream in = root(same).open(plain, 0)) {
      assertThat(in.readAllBytes()).hasSize(CONTENT.length());
    }
    assertThat(same.requests()).noneMatch(r -> r.headers().containsKey("If-Match"));

    ScriptedS3 other = store(r -> part(r).with("Last-Modified", "Tue, 03 Feb 2026 04:05:07 GMT"));
    assertChanged(() -> root(other).open(plain, 0));
  }

  @Test
  void weakVersion_isComparedButNotSent() throws Exception {
    Item weak = item(CONTENT.length(), "W/\"abc\"");
    ScriptedS3 store = store(r -> part(r).with("ETag", "W/\"abc\""));

    try (InputStream in = root(store).open(weak, 3)) {
      assertThat(in.readAllBytes()).hasSize(CONTENT.length() - 3);
    }
    assertThat(store.requests()).noneMatch(r -> r.headers().containsKey("If-Match"));
  }

  @Test
  void store_thatIgnoresRanges_isReadFromTheBeginning() throws Exception {
    ScriptedS3 store =
        store(
            r ->
                asked.incrementAndGet() == 1
                    ? answer(200, CONTENT).endingAfter(40_000, Ending.CUT)
                    : answer(200, CONTENT));

    assertThat(read(root(store), 5)).isEqualTo(CONTENT.substring(5));
    asked.set(0);
    S3Root root = root(store);
    assertThat(read(root, 0)).isEqualTo(CONTENT);
    assertThat(root.readsParts()).isFalse();
  }

  @Test
  void store_thatGivesAnotherPart_isNotTakenForTheRemainder() throws Exception {
    ScriptedS3 store =
        store(
            r ->
                answer(206, CONTENT.substring(0, 99_995))
                    .with("Content-Range", "bytes 0-99994/100000"));
    // What it gives is used as far as it goes.
    assertFails(
        () -> read(root(store), 5),
        ErrorCode.UNREADABLE,
        "The object 'd/k' of root root1 cannot be read: its store answers with other bytes");
    assertFails(() -> read(root(store), 99_996), ErrorCode.UNREADABLE, "other bytes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void requester_paysIfSoConfigured(boolean pays) throws Exception {
    ScriptedS3 store = store(ScriptedObject::part);
    S3RootSettings.Builder settings = TestSettings.at(store.endpoint()).region("us-east-1");

    read(root(pays ? settings.requesterPays(true) : settings), 5);

    assertThat(store.requests().get(0).headers().get("x-amz-request-payer"))
        .isEqualTo(pays ? "requester" : null);
  }

  private static List<String> ranges(ScriptedS3 store) {
    return store.requests().stream()
        .filter(r -> r.method().equals("GET") && !r.isListing())
        .map(r -> r.headers().getOrDefault("Range", ""))
        .toList();
  }
}
