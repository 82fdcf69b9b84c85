package org.lading.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lading.download.Download.State;
import org.lading.download.DownloadStore.WaitingClient;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.AssemblyPrediction.Burden;
import org.lading.manifest.Entry;
import org.lading.manifest.LiteralContent;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.Renaming;
import org.lading.manifest.Renamings;
import org.lading.manifest.SourceChanges;
import org.lading.manifest.Target;

/** What every download store promises, whatever keeps the rows. */
public abstract class DownloadStoreContract {
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Instant EXPIRES = CREATED.plusSeconds(100);

  /** The number of downloads of one client that may be queued. */
  protected static final int SHARE = 10;

  /** An empty store. */
  protected abstract DownloadStore store();

  @Test
  void download_isFoundAsItWasStored() {
    Download plain = insert("a", null);
    Download named = insert("b", "B\u00fccher \ud83d\ude00");
    assertThat(store().find("a")).contains(plain);
    assertThat(store().find("b")).contains(named);
    assertThat(store().find("c")).isEmpty();
    assertThat(store().find(List.of("a", "b", "c"))).containsExactlyInAnyOrder(plain, named);
    assertThat(store().find(List.of())).isEmpty();
  }

  @Test
  void targets_areReadInOrder() {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < 2345; i++) {
      targets.add(new Target.FileTarget(i, "root", "a/" + i, i % 2 == 0 ? "zip" : null, "n" + i));
    }
    targets.add(new Target.FileTarget(2345, "root", "\u0000 \ud83d\ude00", null, null));
    targets.add(new Target.DirectoryTarget(2346, "other", "", null, true));
    targets.add(new Target.DirectoryTarget(2347, "other", "/", "", false));
    targets.add(new Target.DirectoryTarget(2348, "other", "/", "", false).omitting(true));
    targets.add(new Target.DirectoryTarget(2349, "other", "/", null, true).omitting(false));
    List<String> texts = List.of("text".repeat(200_000), "", incompressible());
    targets.add(new Target.LiteralTarget(2348, "name", LiteralContent.of(texts.get(0)), "zip"));
    targets.add(new Target.LiteralTarget(2349, "name", LiteralContent.of(texts.get(1)), null));
    targets.add(new Target.LiteralTarget(2350, "name", LiteralContent.of(texts.get(2)), null));
    targets.add(new Target.FileTarget(2351, "root", "last", null, null));
    Download download = download("a", null);
    store().insert(download, targets.iterator(), SHARE);
    for (int round = 0; round < 2; round++) {
      List<String> readTexts = new ArrayList<>();
      Iterator<Target> stored = store().targets(download);
      for (Target expected : targets) {
        Target read = stored.next();
        assertThat(read).usingRecursiveComparison().ignoringFields("content").isEqualTo(expected);
        if (read instanceof Target.LiteralTarget literal) {
          readTexts.add(text(literal.content()));
        }
      }
      assertThat(stored.hasNext()).isFalse();
      assertThat(readTexts).isEqualTo(texts);
    }
  }

  @Test
  void contentsOfLiterals_needNotBeRead() {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      targets.add(
          new Target.LiteralTarget(i, "n" + i, LiteralContent.of("x".repeat(30_000 * i)), null));
    }
    Download download = download("a", null);
    store().insert(download, targets.iterator(), SHARE);
    List<String> names = new ArrayList<>();
    store().targets(download).forEachRemaining(target -> names.add(target.place()));
    assertThat(names).hasSize(10).startsWith("n0").endsWith("n9");
  }

  private static String text(LiteralContent content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      content.writeTo(bytes);
      assertThat(content.length()).isEqualTo(bytes.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void insertsOfOneClientAtOnce_areRefusedWhenItHasAsManyAsItMay() {
    DownloadStore.Room room = new DownloadStore.Room(SHARE, 5);
    List<ErrorCode> refusals =
        IntStream.range(0, 20)
            .parallel()
            .mapToObj(i -> refusal(download("d" + i, null), room))
            .flatMap(Optional::stream)
            .toList();
    assertThat(refusals).hasSize(15).containsOnly(ErrorCode.TOO_MANY_REQUESTS);
    assertThat(store().unsettled("client")).isEqualTo(5);
  }

  private Optional<ErrorCode> refusal(Download download, DownloadStore.Room room) {
    try {
      store().insert(download, Collections.emptyIterator(), room);
      return Optional.empty();
    } catch (LadingException e) {
      return Optional.of(e.code());
    }
  }

  @Test
  void insertThatFails_leavesNothing() {
    Iterator<Target> failing =
        Stream.iterate(0, i -> i + 1)
            .map(
                i -> {
                  if (i == 3000) {
                    throw new IllegalArgumentException("target " + i);
                  }
                  return target(i);
                })
            .iterator();
    assertThatThrownBy(() -> store().insert(download("a", null), failing, SHARE))
        .hasMessageContaining("target 3000");
    assertThat(store().find("a")).isEmpty();
    insert("a", null);
  }

  @Test
  void attemptThatEndsWell_makesTheDownloadReady() {
    insert("a", null);
    Download attempt = store().begin("a", Lane.QUICK, CREATED.plusSeconds(1)).orElseThrow();
    assertThat(attempt.state()).isEqualTo(State.CREATING_MANIFEST);
    assertThat(attempt.attempt()).isEqualTo(1);
    assertThat(attempt.failures()).isZero();
    assertThat(attempt.started()).isEqualTo(CREATED.plusSeconds(1));
    Download ready =
        attempt.ready(
            new Download.Totals(
                5_000_000,
                4_999_999,
                7,
                1L << 50,
                1L << 51,
                1L << 52,
                new ArchivePoint(5_000_000, 1L << 49, 1L << 48),
                "abc",
                Set.of("a-root", "another_root"),
                new AssemblyPrediction(
                    1L << 40, 1L << 41, new Burden(Burden.Kind.SMALL_OBJECTS, 1L << 40, 2)),
                new Renamings(
                    5_000,
                    List.of(
                        new Renaming(7, "a\0ä", "a\0ä (2)", Renaming.Reason.TAKEN),
                        new Renaming(0, "\ufffd", "%FF", Renaming.Reason.NOT_UTF8)))),
            CREATED.plusSeconds(2));
    assertThat(store().end(ready)).isTrue();
    assertThat(store().find("a")).contains(ready);
    assertThat(store().targets(ready).hasNext()).isFalse();
    assertThat(store().begin("a", Lane.QUICK, CREATED)).as("nothing to prepare").isEmpty();
    assertThat(store().begin("b", Lane.QUICK, CREATED)).as("no such download").isEmpty();
  }

  @Test
  void tenThousandRoots_areKept() {
    insert("a", null);
    Set<String> roots =
        IntStream.range(0, 10_000).mapToObj(i -> "root-" + i).collect(Collectors.toSet());
    Download attempt = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    Download.Totals totals =
        new Download.Totals(
            1, 1, 0, 1, 0, 0, at(1), "f", roots, AssemblyPrediction.NONE, Renamings.NONE);
    assertThat(store().end(attempt.ready(totals, CREATED))).isTrue();
    assertThat(store().find("a").orElseThrow().totals().roots()).isEqualTo(roots);
  }

  @Test
  void attemptThatFails_leavesItsReason_andNoEntries() {
    insert("a", null);
    Download attempt = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    addEntries(attempt, 2500);
    Failure reason =
        new Failure(
            ErrorCode.MISSING_OR_INVALID_TARGET,
            "Not there: \ud83d\ude00",
            7,
            "path with \u0000 and " + "x".repeat(100_000),
            null);
    Download failed = attempt.failed(reason, CREATED.plusSeconds(3));
    assertThat(failed.state()).isEqualTo(State.MISSING_OR_INVALID_TARGETS);
    assertThat(store().end(failed)).isTrue();
    assertThat(store().find("a")).contains(failed);
    assertHasNoEntries(failed);
    assertThat(store().targets(failed).hasNext()).isFalse();
  }

  @Test
  void attemptThatBreaksOff_isFollowedByAnother() {
    insert("a", null);
    Download first = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    addEntries(first, 2500);
    Failure reason =
        new Failure(ErrorCode.STORAGE_UNAVAILABLE, "The bucket sleeps", null, null, "incident");
    assertThat(store().end(first.pendingAgain(reason, CREATED.plusSeconds(9)))).isTrue();
    Download pending = store().find("a").orElseThrow();
    assertThat(pending.state()).isEqualTo(State.PENDING);
    assertThat(pending.failures()).isEqualTo(1);
    assertThat(pending.failure()).isEqualTo(reason);
    assertThat(pending.preparation().nextTry()).isEqualTo(CREATED.plusSeconds(9));
    assertHasNoEntries(first);
    assertThat(store().targets(pending).next()).isEqualTo(target(0));

    Download second = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.failures()).isEqualTo(1);
    assertThat(second.preparation().nextTry()).isNull();
    addEntries(second, 10);
    assertThat(store().end(second.ready(totals(10), CREATED))).isTrue();
    assertThat(store().find("a").orElseThrow().failure()).isNull();
  }

  @Test
  void targetsOfARepeatableDownload_stay_andItsSuccessorIsSetOnce() {
    Download repeatable = download("a", null, "client", true);
    store().insert(repeatable, List.of(target(0)).iterator(), SHARE);
    assertThat(store().find("a")).contains(repeatable);
    Download ready =
        store().begin("a", Lane.QUICK, CREATED).orElseThrow().ready(totals(10), CREATED);
    assertThat(store().end(ready)).isTrue();
    assertThat(store().targets(ready).next()).isEqualTo(target(0));

    assertThat(store().setSuccessor("a", null, "b")).isTrue();
    assertThat(store().setSuccessor("a", null, "c")).as("another one is set").isFalse();
    assertThat(store().setSuccessor("a", "x", "c")).isFalse();
    assertThat(store().setSuccessor("a", "b", "c")).isTrue();
    assertThat(store().find("a").orElseThrow().repetition().successor()).isEqualTo("c");
    assertThat(store().setSuccessor("none", null, "c")).isFalse();
  }

  @Test
  void changes_areAddedToThoseOfAReadyDownload() {
    insert("a", null);
    store().addChanges("a", SourceChanges.of("too early"));
    store().addChanges("none", SourceChanges.of("x"));
    Download attempt = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    assertThat(store().end(attempt.ready(totals(10), CREATED))).isTrue();
    assertThat(store().find("a").orElseThrow().changes()).isNull();

    store().addChanges("a", new SourceChanges(2, List.of("x\u0000", "\ud83d\ude00")));
    store().addChanges("a", SourceChanges.of("z"));
    store().addChanges("a", SourceChanges.of("z"));
    assertThat(store().find("a").orElseThrow().changes())
        .isEqualTo(new SourceChanges(3, List.of("x\u0000", "\ud83d\ude00", "z")));
    store()
        .addChanges(
            "a", new SourceChanges(900, IntStream.range(0, 100).mapToObj(i -> "n" + i).toList()));
    SourceChanges full = store().find("a").orElseThrow().changes();
    assertThat(full.count()).isEqualTo(900);
    assertThat(full.names()).hasSize(100).startsWith("x\u0000").endsWith("n96");
    store().addChanges("a", SourceChanges.of("one of those that are counted, or not"));
    assertThat(store().find("a").orElseThrow().changes()).isEqualTo(full);
  }

  @Test
  void attemptThatIsGivenBack_countsAsNoFailure() {
    insert("a", null);
    Download first = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    assertThat(store().end(first.pendingAgain(null, null))).isTrue();
    assertThat(store().begin("a", Lane.QUICK, CREATED).orElseThrow().failures()).isZero();
  }

  @Test
  void attemptOfADeadNode_isCountedAsFailure_andCanWriteNothingMore() {
    insert("a", null);
    Download dead = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    DownloadStore.EntrySink late = store().entrySink(dead);
    for (int i = 0; i < 2500; i++) {
      late.accept(entry("dead " + i), at(i));
    }
    Download next = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    assertThat(next.failures()).isEqualTo(1);
    assertThat(next.totals().entries()).isZero();
    assertThatThrownBy(late::close).isInstanceOf(AttemptEndedException.class);
    assertThat(store().end(dead.ready(totals(2500), CREATED))).isFalse();

    addEntries(next, 3);
    Download ready = next.ready(totals(3), CREATED);
    assertThat(store().end(ready)).isTrue();
    assertThat(store().entries(ready, 0).next().name()).isEqualTo("a 0");
    assertThat(
            store()
                .end(dead.failed(new Failure(ErrorCode.INTERNAL, "", null, null, null), CREATED)))
        .isFalse();
    assertThat(store().find("a")).contains(ready);
  }

  @Test
  void downloadThatIsFailed_isSettled_andItsAttemptCanWriteNothingMore() {
    Failure reason = new Failure(ErrorCode.INTERNAL, "It does not work", null, null, null);
    insert("pending", null);
    insert("running", null);
    Download attempt = store().begin("running", Lane.QUICK, CREATED).orElseThrow();
    Download ready = withEntries("ready", 1);
    for (String id : List.of("pending", "running")) {
      assertThat(store().fail(id, reason, CREATED.plusSeconds(9))).isTrue();
      Download failed = store().find(id).orElseThrow();
      assertThat(failed.state()).isEqualTo(State.FAILED);
      assertThat(failed.failure()).isEqualTo(reason);
      assertThat(failed.settled()).isEqualTo(CREATED.plusSeconds(9));
      assertThat(store().fail(id, reason, CREATED)).as("a second time").isFalse();
    }
    assertThat(store().end(attempt.ready(totals(1), CREATED))).isFalse();
    assertThat(store().fail("ready", reason, CREATED)).isFalse();
    assertThat(store().find("ready")).contains(ready);
    assertThat(store().fail("nowhere", reason, CREATED)).isFalse();
  }

  @Test
  void progress_isSeenWhileEntriesAreWritten() {
    insert("a", null);
    Download attempt = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    try (DownloadStore.EntrySink sink = store().entrySink(attempt)) {
      for (int i = 0; i < 2500; i++) {
        sink.accept(entry("a " + i), at(i));
      }
      Download.Totals sofar = store().find("a").orElseThrow().totals();
      assertThat(sofar.entries()).isEqualTo(2000);
      assertThat(sofar.bytes()).isEqualTo(2000);
    }
  }

  @Test
  void queuedUnsettled_areThoseThatAreQueuedNotSettledAndOlder() {
    insert("pending", null);
    insert("running", null);
    store().begin("running", Lane.QUICK, CREATED);
    withEntries("ready", 1);
    store().insert(download("waiting", null), List.of(target(0)).iterator(), 2);
    assertThat(store().queuedUnsettled(CREATED, 10)).isEmpty();
    assertThat(store().queuedUnsettled(CREATED.plusSeconds(1), 10))
        .extracting(Download::id)
        .containsExactlyInAnyOrder("pending", "running");
    assertThat(store().queuedUnsettled(CREATED.plusSeconds(1), 1)).hasSize(1);
  }

  @Test
  void downloadsBeyondTheShareOfTheirClient_waitUntilOthersAreSettled() {
    for (String id : List.of("a", "b", "c")) {
      assertThat(insertOf("one", id)).isEqualTo(!id.equals("c"));
    }
    assertThat(insertOf("other", "d")).isTrue();
    assertThat(store().waiting())
        .containsExactly(Map.entry(Lane.QUICK, new DownloadStore.Waiting(4, CREATED)));
    assertThat(store().waitingClients(10)).containsExactly(new WaitingClient("one", Lane.QUICK));
    assertThat(store().takeWaiting("one", Lane.QUICK, 2)).isEmpty();

    Download attempt = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    assertThat(store().takeWaiting("one", Lane.QUICK, 2)).as("a is not settled").isEmpty();
    store().end(attempt.ready(totals(0), CREATED));
    assertThat(store().takeWaiting("other", Lane.QUICK, 2)).isEmpty();
    assertThat(store().takeWaiting("one", Lane.LONG, 2)).isEmpty();
    assertThat(store().takeWaiting("one", Lane.QUICK, 2)).containsExactly("c");
    assertThat(store().takeWaiting("one", Lane.QUICK, 2)).isEmpty();
    assertThat(store().waitingClients(10)).isEmpty();
  }

  @Test
  void attemptThatChangesItsLane_isBegunThereOnly_andItsTimeBeginsAnew() {
    insert("a", null);
    assertThat(store().begin("a", Lane.LONG, CREATED)).isEmpty();
    Download quick = store().begin("a", Lane.QUICK, CREATED.plusSeconds(1)).orElseThrow();
    assertThat(quick.preparation().begun()).isEqualTo(CREATED.plusSeconds(1));
    assertThat(store().end(quick.withSteps(7).pendingInLongLane())).isTrue();
    assertThat(store().begin("a", Lane.QUICK, CREATED)).isEmpty();
    assertThat(store().takeWaiting("client", Lane.LONG, SHARE)).containsExactly("a");
    Download moved = store().begin("a", Lane.LONG, CREATED.plusSeconds(2)).orElseThrow();
    assertThat(moved.preparation())
        .isEqualTo(
            new Download.Preparation(
                "client", null, false, Lane.LONG, CREATED.plusSeconds(2), 7, null));
    assertThat(moved.failures()).isZero();
  }

  @Test
  void timeAndSteps_goOnOverAttempts() {
    insert("a", null);
    Download first = store().begin("a", Lane.QUICK, CREATED.plusSeconds(1)).orElseThrow();
    assertThat(store().saveSteps(first.withSteps(5))).isTrue();
    Download second = store().begin("a", Lane.QUICK, CREATED.plusSeconds(2)).orElseThrow();
    assertThat(second.preparation().steps()).isEqualTo(5);
    assertThat(second.preparation().begun()).isEqualTo(CREATED.plusSeconds(1));
    assertThat(store().saveSteps(first.withSteps(6))).as("a later attempt has begun").isFalse();
    assertThat(store().end(second.withSteps(8).pendingAgain(null, null))).isTrue();
    Download third = store().begin("a", Lane.QUICK, CREATED.plusSeconds(3)).orElseThrow();
    assertThat(third.preparation().steps()).isEqualTo(8);
    assertThat(third.preparation().begun()).isEqualTo(CREATED.plusSeconds(1));
    store().delete(List.of("a"));
    assertThat(store().saveSteps(third)).as("it was deleted").isFalse();
  }

  private boolean insertOf(String client, String id) {
    return store().insert(download(id, null, client), List.of(target(0)).iterator(), 2);
  }

  @Test
  void due_areThoseWhoseTimeIsUp_theOldestFirst() {
    Download download = withEntries("a", 1);
    insert("b", null);
    store().setDue(List.of(store().find("b").orElseThrow()), EXPIRES.minusSeconds(1));
    assertThat(store().due(EXPIRES.minusSeconds(2), 10)).isEmpty();
    assertThat(store().due(EXPIRES, 10)).extracting(Download::id).containsExactly("b", "a");
    assertThat(store().due(EXPIRES, 1)).extracting(Download::id).containsExactly("b");
    assertThat(store().hold(download.id(), EXPIRES.plusSeconds(10))).isTrue();
    assertThat(store().due(EXPIRES, 10)).extracting(Download::id).containsExactly("b");
    assertThat(store().hold(download.id(), EXPIRES)).as("already longer").isTrue();
    assertThat(store().due(EXPIRES.plusSeconds(9), 10)).hasSize(1);
  }

  @Test
  void excess_isEnded_whatFailedFirst_andOneStays() {
    for (String id : List.of("a", "b", "c")) {
      withEntries(id, 5);
    }
    insert("failed", null);
    insert("running", null);
    store().fail("failed", LadingException.removed().failure(), CREATED);
    assertThat(store().unsettled("client")).isEqualTo(1);
    assertThat(store().unsettled("another")).isZero();

    assertThat(ended("another", 0, 0)).isZero();
    assertThat(ended("client", 4, 15)).isZero();
    assertThat(ended("client", 3, 15)).isEqualTo(1);
    assertThat(store().find("failed").orElseThrow().state()).isEqualTo(State.EXPIRED);
    assertThat(ended("client", 3, 14)).isEqualTo(1);
    assertThat(store().find("c").orElseThrow().expires()).isEqualTo(CREATED.plusSeconds(1));
    assertThat(ended("client", 1, 0)).isEqualTo(1);
    assertThat(ended("client", 1, 0)).isZero();
    assertThat(store().find("a").orElseThrow().expires()).isEqualTo(EXPIRES);
    assertThat(store().due(CREATED.plusSeconds(3), 10))
        .extracting(Download::id)
        .containsExactlyInAnyOrder("failed", "b", "c");
  }

  private int ended(String client, int downloads, long entries) {
    return store()
        .expireExcess(
            new DownloadStore.Excess(client, downloads, entries),
            LadingException.expired().failure(),
            CREATED.plusSeconds(1),
            CREATED.plusSeconds(2));
  }

  @Test
  void downloadWhoseTimeIsEnded_isDueLater_orAtOnceIfItIsNotReady() {
    withEntries("ready", 1);
    withEntries("held", 1);
    insert("running", null);
    Download attempt = store().begin("running", Lane.QUICK, CREATED).orElseThrow();
    Instant now = CREATED.plusSeconds(10);
    Instant kept = now.plusSeconds(60);
    Instant held = EXPIRES.plusSeconds(60);
    store().hold("held", held);
    Failure reason = LadingException.removed().failure();
    for (String id : List.of("ready", "held", "running")) {
      assertThat(store().expireEarly(id, reason, now, kept)).as(id).isTrue();
      assertThat(store().expireEarly(id, reason, now, kept)).as(id + " again").isFalse();
      Download ended = store().find(id).orElseThrow();
      assertThat(ended.expires()).isEqualTo(now);
      assertThat(ended.failure()).isEqualTo(reason);
    }
    assertThat(store().expireEarly("none", reason, now, kept)).isFalse();

    assertThat(store().find("running").orElseThrow().state()).isEqualTo(State.EXPIRED);
    assertThat(store().end(attempt.ready(totals(0), now))).isFalse();
    assertThat(store().due(now, 10)).extracting(Download::id).containsExactly("running");
    assertThat(store().hold("ready", kept.plusSeconds(5))).as("it is read").isTrue();
    assertThat(store().due(kept.plusSeconds(4), 10)).hasSize(1);
    assertThat(store().due(held.minusSeconds(1), 10)).hasSize(2);
    assertThat(store().due(held, 10)).hasSize(3);
  }

  @Test
  void downloadsOfAClient_comeNewestFirst_fromAPlaceOn_andInAState() {
    insert("b", null);
    insert("a", null);
    store().insert(download("other", null, "another"), List.of(target(0)).iterator(), SHARE);
    withEntries("c", 1);
    assertThat(listed((State) null, null, CREATED)).containsExactly("c", "b", "a");
    assertThat(listed((State) null, new DownloadStore.Place(CREATED, "c"), CREATED))
        .containsExactly("b", "a");
    assertThat(listed((State) null, new DownloadStore.Place(CREATED.minusMillis(1), "z"), CREATED))
        .isEmpty();
    assertThat(listed(State.READY, null, CREATED)).containsExactly("c");
    assertThat(listed(State.PENDING, new DownloadStore.Place(CREATED, "b"), CREATED))
        .containsExactly("a");
    assertThat(listed(State.EXPIRED, null, CREATED)).isEmpty();
    assertThat(listed(State.READY, null, EXPIRES)).isEmpty();
    assertThat(listed(State.EXPIRED, null, EXPIRES)).containsExactly("c", "b", "a");
    assertThat(store().ofClient("client", null, null, CREATED, 1)).hasSize(1);

    DownloadStore.Shown changed = new DownloadStore.Shown(State.READY, true);
    assertThat(listed(changed, null, CREATED)).isEmpty();
    store().addChanges("c", SourceChanges.of("x"));
    assertThat(listed(changed, null, CREATED)).containsExactly("c");
    assertThat(listed(State.READY, null, CREATED)).isEmpty();
    assertThat(listed(changed, null, EXPIRES)).isEmpty();
  }

  private List<String> listed(State state, DownloadStore.Place before, Instant now) {
    return listed(state == null ? null : new DownloadStore.Shown(state, false), before, now);
  }

  private List<String> listed(DownloadStore.Shown shown, DownloadStore.Place before, Instant now) {
    return store().ofClient("client", shown, before, now, 10).stream().map(Download::id).toList();
  }

  @Test
  void expiredDownload_losesItsContentsInSteps_andIsNotHeldAnyMore() {
    Download large = withEntries("a", 123_456);
    Download kept = withEntries("kept", 10);
    Download preparing = insert("preparing", null);
    Download attempt = store().begin("preparing", Lane.QUICK, CREATED).orElseThrow();
    store().hold("kept", EXPIRES.plusSeconds(1));

    List<Download> expired = store().expire(List.of(large, kept, preparing), EXPIRES);

    assertThat(expired).extracting(Download::id).containsExactlyInAnyOrder("a", "preparing");
    assertThat(expired).extracting(Download::state).containsOnly(State.EXPIRED);
    assertThat(store().hold("a", EXPIRES.plusSeconds(100))).isFalse();
    assertThat(store().expire(expired, EXPIRES)).as("a second time").hasSize(2);
    assertThat(store().end(attempt.ready(totals(0), EXPIRES))).isFalse();
    store().removeContents(expired);
    assertHasNoEntries(large);
    assertThat(store().targets(preparing).hasNext()).isFalse();
    assertThat(store().entries(kept, 0).next().name()).isEqualTo("kept 0");
    store().setDue(expired, EXPIRES.plusSeconds(50));
    assertThat(store().due(EXPIRES, 10)).isEmpty();
    assertThat(store().expire(List.of(), EXPIRES)).isEmpty();
    store().removeContents(List.of());
    store().setDue(List.of(), EXPIRES);
    store().delete(List.of());
  }

  @Test
  void entries_areReadInOrderFromAnyOneOn() {
    Download download = withEntries("a", 4345);
    for (long first : new long[] {0, 1, 1999, 2000, 2001, 4344, 4345}) {
      List<String> names = new ArrayList<>();
      store().entries(download, first).forEachRemaining(entry -> names.add(entry.name()));
      assertThat(names).hasSize((int) (4345 - first));
      if (!names.isEmpty()) {
        assertThat(names.get(0)).isEqualTo("a " + first);
        assertThat(names.get(names.size() - 1)).isEqualTo("a 4344");
      }
    }
  }

  @Test
  void entriesAskedForOneByOne_byTwoReaders_areReadByTwoIterators() {
    Download download = withEntries("a", 4345);
    AtomicInteger iterators = new AtomicInteger();
    DownloadStore counting =
        (DownloadStore)
            Proxy.newProxyInstance(
                DownloadStore.class.getClassLoader(),
                new Class<?>[] {DownloadStore.class},
                (proxy, method, arguments) -> {
                  iterators.addAndGet(method.getName().equals("entries") ? 1 : 0);
                  return method.invoke(store(), arguments);
                });
    Leases leases = new Leases(counting, Clock.fixed(CREATED, ZoneOffset.UTC));
    EntryCursors cursors = new EntryCursors(counting, leases);
    for (int i = 0; i < 4345; i++) {
      assertThat(cursors.entry(download, i).name()).isEqualTo("a " + i);
      assertThat(cursors.entry(download, i).name()).isEqualTo("a " + i);
      int other = 100 + i / 2;
      assertThat(cursors.entry(download, other).name()).isEqualTo("a " + other);
    }
    assertThat(iterators.get()).isLessThan(10);
    assertThat(cursors.entry(download, 7).name()).isEqualTo("a 7");
  }

  @Test
  void pointBefore_isTheBeginningOfTheChunkThatHasTheOffset() {
    Download download = withEntries("a", 4345);
    for (long offset : new long[] {0, 1, 199_999, 200_000, 250_000, 434_499}) {
      ArchivePoint point = store().pointBefore(download, offset);
      assertThat(point.offset()).isLessThanOrEqualTo(offset).isGreaterThan(offset - 200_000);
      assertThat(point).isEqualTo(at((int) point.entries()));
      assertThat(store().pointBeforeCentral(download, offset / 10)).isEqualTo(point);
      assertThat(store().entries(download, point.entries()).next().name())
          .isEqualTo("a " + point.entries());
    }
  }

  @Test
  void entriesWithVeryLongNames_areKept() {
    insert("a", null);
    Download download = store().begin("a", Lane.QUICK, CREATED).orElseThrow();
    try (DownloadStore.EntrySink sink = store().entrySink(download)) {
      for (int i = 0; i < 30; i++) {
        sink.accept(entry("n".repeat(65_000) + i), at(i));
      }
    }
    Download ready = download.ready(totals(30), CREATED);
    List<Entry> entries = new ArrayList<>();
    store().entries(ready, 0).forEachRemaining(entries::add);
    assertThat(entries).hasSize(30);
    assertThat(entries.get(29).name()).endsWith("n29");
  }

  @Test
  void entriesOfADownloadThatIsDeletedMeanwhile_endInAnError() {
    Download download = withEntries("a", 2500);
    Iterator<Entry> entries = store().entries(download, 0);
    for (int i = 0; i < 2000; i++) {
      entries.next();
    }
    store().delete(List.of("a"));
    assertThat(entries.hasNext()).isTrue();
    assertThatThrownBy(entries::next)
        .isInstanceOfSatisfying(
            LadingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void delete_removesOneDownloadOnly_andNoneWithoutComplaint() {
    Download kept = withEntries("kept", 10);
    withEntries("gone", 10);
    store().delete(List.of("gone", "never"));
    store().delete(List.of("never"));
    assertThat(store().find("gone")).isEmpty();
    assertThat(store().entries(kept, 0).next().name()).isEqualTo("kept 0");
  }

  @Test
  void check_returnsWhileTheStoreAnswers() {
    store().check();
  }

  private Download insert(String id, String zipName) {
    Download download = download(id, zipName);
    store().insert(download, List.of(target(0)).iterator(), SHARE);
    return download;
  }

  private Download withEntries(String id, int count) {
    insert(id, null);
    Download attempt = store().begin(id, Lane.QUICK, CREATED).orElseThrow();
    addEntries(attempt, count);
    Download ready = attempt.ready(totals(count), CREATED);
    assertThat(store().end(ready)).isTrue();
    return ready;
  }

  private void addEntries(Download attempt, int count) {
    try (DownloadStore.EntrySink sink = store().entrySink(attempt)) {
      for (int i = 0; i < count; i++) {
        sink.accept(entry(attempt.id() + " " + i), at(i));
      }
    }
  }

  private void assertHasNoEntries(Download download) {
    Iterator<Entry> entries = store().entries(download.ready(totals(1), CREATED), 0);
    assertThatThrownBy(entries::next)
        .isInstanceOfSatisfying(
            LadingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  /** Many times what is kept in one row. */
  private static String incompressible() {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(1_000_000, ' ', 0x3000).forEach(c -> text.append((char) c));
    return text.toString();
  }

  private static Target target(int index) {
    return new Target.FileTarget(index, "root", "path", null, null);
  }

  /** A layout in which each entry takes 100 bytes, and 10 in the central directory. */
  private static ArchivePoint at(int entry) {
    return new ArchivePoint(entry, 100L * entry, 10L * entry);
  }

  private static Download.Totals totals(int entries) {
    return new Download.Totals(
        entries,
        entries,
        0,
        entries,
        0,
        0,
        at(entries),
        "f",
        Set.of(),
        AssemblyPrediction.NONE,
        Renamings.NONE);
  }

  private static Entry entry(String name) {
    return new Entry(
        Entry.Kind.FILE,
        name,
        1,
        Entry.UNKNOWN_CRC32,
        CREATED,
        new Entry.Source("root", "key of " + name, null),
        null);
  }

  protected static Download download(String id, String zipName) {
    return download(id, zipName, "client");
  }

  private static Download download(String id, String zipName, String client) {
    return download(id, zipName, client, false);
  }

  private static Download download(String id, String zipName, String client, boolean isRepeatable) {
    CreateRequest request =
        new CreateRequest(
            "root", OptionalLong.empty(), isRepeatable, new ManifestRequest(zipName, List.of()));
    return Download.pending(id, request, client, CREATED, EXPIRES);
  }
}
