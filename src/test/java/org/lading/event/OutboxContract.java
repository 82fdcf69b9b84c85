package org.lading.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lading.testing.Traces.awaited;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.Target;
import org.lading.testing.SettableClock;

/**
 * What every outbox promises, and what a store of downloads on the same database writes into it.
 */
public abstract class OutboxContract {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  static final Instant LATER = NOW.plusSeconds(30);
  static final Instant EXPIRES = NOW.plus(Duration.ofDays(2));
  static final Subscription QUEUE =
      new Subscription(Channel.AMQP, "queue", "{\"client_id\":\"7\"}");
  static final Subscription HOOK =
      new Subscription(Channel.WEBHOOK, "https://app.example.org/hooks/zip?job=1", "");
  static final Subscription OTHER_HOOK =
      new Subscription(Channel.WEBHOOK, "https://app.example.org/hooks/other", "");
  static final Receiver QUEUES = new Receiver(Channel.AMQP, "queue");
  static final Receiver HOOKS = new Receiver(Channel.WEBHOOK, "https://app.example.org");

  protected abstract Outbox outbox();

  protected abstract DownloadStore store();

  @Test
  void download_isToldOfAsItsStateChanges_eachChannelWhatItCarries() {
    insert("a", QUEUE, HOOK);
    assertThat(waiting()).containsExactly("AMQP a RECEIVED");
    Download attempt = begin("a");
    assertThat(store().end(attempt.pendingAgain(failure(), LATER))).isTrue();
    assertThat(waiting()).containsExactly("AMQP a RECEIVED");
    begin("a");
    assertThat(store().end(attempt.ready(Download.Totals.NONE, NOW)))
        .as("earlier attempt")
        .isFalse();
    end("a");
    assertThat(waiting()).containsExactly("AMQP a RECEIVED", "AMQP a READY", "WEBHOOK a READY");
    store().expire(List.of(find("a")), EXPIRES.minusSeconds(1));
    store().expire(List.of(find("a")), EXPIRES);
    store().expire(List.of(find("a")), EXPIRES);
    assertThat(waiting())
        .containsExactly("AMQP a RECEIVED", "AMQP a READY", "WEBHOOK a READY", "WEBHOOK a EXPIRED");
  }

  @Test
  void failures_areToldOf_andNothingAfterThem() {
    insert("a", QUEUE, HOOK);
    assertThat(store().end(begin("a").failed(failure(), NOW))).isTrue();
    insert("b", QUEUE, HOOK);
    assertThat(store().fail("b", failure(), NOW)).isTrue();
    assertThat(store().fail("b", failure(), NOW)).isFalse();
    assertThat(store().expireEarly("a", removed(), NOW, LATER)).isTrue();
    store().expire(List.of(find("a"), find("b")), EXPIRES);
    assertThat(waiting())
        .containsExactly(
            "AMQP a RECEIVED",
            "AMQP a FAILED",
            "WEBHOOK a FAILED",
            "AMQP b RECEIVED",
            "AMQP b FAILED",
            "WEBHOOK b FAILED");
  }

  @Test
  void downloadThatIsRemoved_isToldOfOnce() {
    insert("a", HOOK);
    end("a");
    assertThat(store().expireEarly("a", removed(), NOW, LATER)).isTrue();
    assertThat(store().expireEarly("a", removed(), NOW, LATER)).isFalse();
    store().expire(List.of(find("a")), LATER);
    insert("b", QUEUE, HOOK);
    assertThat(store().expireEarly("b", removed(), NOW, LATER)).isTrue();
    store().expire(List.of(find("b")), EXPIRES);
    insert("c", QUEUE, HOOK);
    store().expire(List.of(find("c")), EXPIRES);
    assertThat(waiting())
        .containsExactly(
            "WEBHOOK a READY",
            "WEBHOOK a EXPIRED",
            "AMQP b RECEIVED",
            "AMQP b FAILED",
            "WEBHOOK b EXPIRED",
            "AMQP c RECEIVED",
            "AMQP c FAILED",
            "WEBHOOK c EXPIRED");
  }

  @Test
  void downloadThatIsNotStored_isNotToldOf() {
    Iterator<Target> failing =
        Stream.<Target>generate(
                () -> {
                  throw new LadingException(ErrorCode.EMPTY, "faulty");
                })
            .iterator();
    assertThatThrownBy(() -> store().insert(pending("a"), failing, List.of(QUEUE), "key", 1))
        .isInstanceOf(LadingException.class);
    assertThat(waiting()).isEmpty();
    assertThat(store().find("a")).isEmpty();
  }

  @Test
  void requestWhoseKeyIsKnown_isTheDownloadThatHasIt() {
    DownloadStore.Inserted first =
        store().insert(pending("a"), Collections.emptyIterator(), List.of(QUEUE), "key", 1);
    DownloadStore.Inserted again =
        store().insert(pending("b"), Collections.emptyIterator(), List.of(QUEUE), "key", 1);
    DownloadStore.Inserted other =
        store().insert(pending("c"), Collections.emptyIterator(), List.of(QUEUE), "other", 2);
    assertThat(first).isEqualTo(new DownloadStore.Inserted(true, null));
    assertThat(again.existing()).isEqualTo("a");
    assertThat(other.existing()).isNull();
    assertThat(store().find("b")).isEmpty();
    assertThat(waiting()).containsExactly("AMQP a RECEIVED", "AMQP c RECEIVED");
  }

  @Test
  void requestsWithOneKeyAtOnce_makeOneDownload() {
    List<String> existing =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(
                i ->
                    store()
                        .insert(
                            pending("d" + i), Collections.emptyIterator(), List.of(QUEUE), "key", 8)
                        .existing())
            .filter(id -> id != null)
            .toList();
    assertThat(existing).hasSize(7);
    assertThat(existing.stream().distinct()).hasSize(1);
    assertThat(waiting()).containsExactly("AMQP " + existing.get(0) + " RECEIVED");
  }

  @Test
  void downloadThatSomebodySubscribedTo_isNotDiscarded_butDeletedWithItsMessages() {
    insert("a", QUEUE);
    insert("b");
    assertThat(store().discard("a")).isFalse();
    assertThat(store().discard("b")).isTrue();
    assertThat(store().find("a")).isPresent();
    assertThat(store().find("b")).isEmpty();
    store().delete(List.of("a"));
    assertThat(store().find("a")).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void messages_areClaimedInOrderOfTheirStream() {
    insert("a", QUEUE, HOOK);
    end("a");
    Claim received = claim(QUEUES, NOW);
    assertThat(received.message().kind()).isEqualTo(EventKind.RECEIVED);
    assertThat(received.message().context()).isEqualTo(QUEUE.context());
    assertThat(received.message().body()).isNull();
    assertThat(received.message().created()).isEqualTo(NOW);
    assertThat(outbox().claim(QUEUES, NOW, LATER, 9)).as("its successor").isEmpty();
    assertThat(claim(HOOKS, NOW).message().kind()).isEqualTo(EventKind.READY);

    outbox().postpone(received, LATER);
    assertThat(outbox().claim(QUEUES, LATER.minusMillis(1), EXPIRES, 9)).isEmpty();
    Claim again = claim(QUEUES, LATER);
    assertThat(again.message().tries()).isEqualTo(1);
    assertThat(again.message().id()).isEqualTo(received.message().id());
    outbox().delivered(again, LATER);
    assertThat(claim(QUEUES, LATER).message().kind()).isEqualTo(EventKind.READY);
  }

  @Test
  void claim_endsUnlessItIsRenewed_andIsThenLost() {
    insert("a", QUEUE);
    Claim claim = claim(QUEUES, NOW);
    assertThat(outbox().due("", NOW, 9)).isEmpty();
    assertThat(outbox().renew(claim, LATER.plusSeconds(30))).isTrue();
    assertThat(outbox().claim(QUEUES, LATER, EXPIRES, 9)).isEmpty();

    Claim other = claim(QUEUES, LATER.plusSeconds(30));
    assertThat(outbox().renew(claim, EXPIRES)).isFalse();
    outbox().postpone(claim, NOW);
    assertThat(outbox().due("", LATER.plusSeconds(30), 9)).as("of the lost claim").isEmpty();
    assertThat(outbox().renew(other, EXPIRES)).isTrue();
    outbox().delivered(claim, NOW);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void claimsOfAnEarlierProcess_areReleased_butNotWhatIsTriedAgainLater() {
    insert("a", QUEUE);
    insert("b", HOOK);
    end("b");
    claim(QUEUES, NOW);
    outbox().postpone(claim(HOOKS, NOW), LATER.plusMillis(1));
    outbox().releaseClaims(NOW, LATER);
    assertThat(outbox().due("", NOW, 9)).containsExactly(QUEUES);
  }

  @Test
  void messageThatIsGivenUp_isFollowedByTheNext_unlessItWasTheLast() {
    insert("a", QUEUE, HOOK);
    end("a");
    outbox().giveUp(claim(QUEUES, NOW), NOW, false);
    assertThat(claim(QUEUES, NOW).message().kind()).isEqualTo(EventKind.READY);
    outbox().giveUp(claim(HOOKS, NOW), NOW, true);
    store().expire(List.of(find("a")), EXPIRES);
    assertThat(waiting()).containsExactly("AMQP a READY");
  }

  @Test
  void receiversWithDueMessages_areFound_inTheOrderOfTheirKeys() {
    for (String queue : List.of("b", "a b", "a", "A", "a!")) {
      add(queue, queue, NOW);
      add(queue + "2", queue, NOW);
    }
    add("later", "c", LATER);
    List<String> names = List.of("A", "a", "a b", "a!", "b");
    assertThat(outbox().due("", NOW, 9)).extracting(Receiver::name).isEqualTo(names);
    assertThat(outbox().due("AMQP a b", NOW, 1)).extracting(Receiver::name).containsExactly("a!");
    assertThat(outbox().due("AMQP b", NOW, 9)).isEmpty();
    assertThat(outbox().claim(new Receiver(Channel.AMQP, "a b"), NOW, LATER, 1)).hasSize(1);
  }

  @Test
  void messageOfNoDownload_isAddedOnce_whileItWaits() {
    add("refusal", "queue", NOW);
    add("refusal", "queue", LATER);
    add("refusal", "other", LATER);
    assertThat(waiting()).containsExactly("AMQP refusal RECEIVED", "AMQP refusal RECEIVED");
    Claim claim = claim(QUEUES, NOW);
    assertThat(claim.message().body()).isEqualTo("{\"a\":\"\u00fc\"}");
    assertThat(claim.message().id()).startsWith("msg_").hasSize(28).doesNotContain("refusal");
  }

  @Test
  void messagesThatAreTooOld_areRemoved_butNotThoseThatAreClaimed() {
    insert("a", QUEUE);
    claim(QUEUES, NOW);
    insert("b", QUEUE);
    add("young", "queue", LATER);
    List<Message> old = outbox().removeOld(QUEUES, null, LATER, NOW.plusSeconds(29), 9);
    assertThat(old).extracting(Message::stream).containsExactly("b");
    assertThat(waiting()).containsExactly("AMQP a RECEIVED", "AMQP young RECEIVED");
  }

  @Test
  void oldMessagesOfOneDestination_areRemoved() {
    insert("a", HOOK);
    end("a");
    insert("b", OTHER_HOOK);
    end("b");
    List<Message> old = outbox().removeOld(HOOKS, OTHER_HOOK.destination(), LATER, NOW, 9);
    assertThat(old).extracting(Message::stream).containsExactly("b");
    assertThat(waiting()).containsExactly("WEBHOOK a READY");
  }

  @Test
  void destinations_areClaimedInTurn() {
    for (String id : List.of("a", "b", "c", "d")) {
      insert(id, id.equals("d") ? OTHER_HOOK : HOOK);
      end(id);
    }
    List<String> all = outbox().destinations(HOOKS, "", 9);
    assertThat(all).containsExactlyInAnyOrder(HOOK.destination(), OTHER_HOOK.destination());
    assertThat(outbox().destinations(HOOKS, "", 1)).containsExactly(all.get(0));
    assertThat(outbox().destinations(HOOKS, all.get(0), 9)).containsExactly(all.get(1));
    assertThat(outbox().destinations(HOOKS, all.get(1), 9)).isEmpty();
    List<String> order = List.of(HOOK.destination(), OTHER_HOOK.destination());
    assertThat(outbox().claim(HOOKS, order, NOW, LATER, 3))
        .extracting(claim -> claim.message().stream())
        .containsExactly("a", "d", "b");
    assertThat(outbox().claim(HOOKS, order.subList(1, 2), NOW, LATER, 3)).isEmpty();
  }

  @Test
  void messageThatIsDueLongAfterItsTime_isDue_sinceTheClockWasSetBack() {
    insert("a", QUEUE);
    outbox().postpone(claim(QUEUES, NOW), NOW.plus(Duration.ofDays(1)));
    Instant back = NOW.minus(Duration.ofMinutes(59));
    assertThat(outbox().due("", back, 9)).isEmpty();
    assertThat(outbox().claim(QUEUES, back, LATER, 9)).isEmpty();
    Instant far = NOW.minus(Duration.ofMinutes(61));
    assertThat(outbox().due("", far, 9)).containsExactly(QUEUES);
    claim(QUEUES, far);
  }

  @Test
  void messages_areCounted_andTheOldestIsKnown() {
    assertThat(outbox().oldest()).isNull();
    add("first", "queue", NOW);
    insert("a", HOOK, QUEUE);
    end("a");
    assertThat(outbox().waiting(Channel.AMQP)).isEqualTo(3);
    assertThat(outbox().waiting(Channel.WEBHOOK)).isEqualTo(1);
    assertThat(outbox().oldest()).isEqualTo(NOW);
  }

  @Test
  void twoNodes_deliverEachMessageOnce_inOrder() {
    int downloads = 40;
    RecordingSender queues = new RecordingSender(Channel.AMQP);
    RecordingSender other = new RecordingSender(Channel.AMQP);
    ExecutorService threads = Executors.newCachedThreadPool();
    Clock clock = new SettableClock(NOW);
    Delivery one = new Delivery(outbox(), List.of(queues), threads, clock);
    Delivery two = new Delivery(outbox(), List.of(other), threads, clock);
    for (int i = 0; i < downloads; i++) {
      insert("d" + i, new Subscription(Channel.AMQP, "queue" + i % 5, ""));
      one.wake();
      two.wake();
      end("d" + i);
    }
    awaited(
        () -> {
          one.wake();
          two.wake();
          return outbox().waiting(Channel.AMQP);
        },
        left -> left == 0);
    threads.shutdown();
    List<String> all = new ArrayList<>(queues.tried());
    all.addAll(other.tried());
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, downloads)
                .boxed()
                .flatMap(i -> List.of("d" + i + " RECEIVED", "d" + i + " READY").stream())
                .toList());
    assertThat(queues.tried()).isNotEmpty();
    assertThat(other.tried()).isNotEmpty();
  }

  private void add(String stream, String queue, Instant now) {
    Subscription to = new Subscription(Channel.AMQP, queue, "");
    outbox().add(stream, to, EventKind.RECEIVED, "{\"a\":\"\u00fc\"}", now);
  }

  /** The one message of a receiver that can be claimed. */
  private Claim claim(Receiver receiver, Instant now) {
    List<Claim> claims = outbox().claim(receiver, now, now.plusSeconds(30), 9);
    assertThat(claims).hasSize(1);
    return claims.get(0);
  }

  /** All messages that wait, in their order. */
  protected abstract List<String> waiting();

  private void insert(String id, Subscription... told) {
    insert(store(), id, told);
  }

  static void insert(DownloadStore store, String id, Subscription... told) {
    store.insert(pending(id), Collections.emptyIterator(), List.of(told), null, 1000);
  }

  private Download begin(String id) {
    return store().begin(id, Lane.QUICK, NOW).orElseThrow();
  }

  private void end(String id) {
    end(store(), id);
  }

  /** Makes a download ready. */
  static void end(DownloadStore store, String id) {
    Download attempt = store.begin(id, Lane.QUICK, NOW).orElseThrow();
    assertThat(store.end(attempt.ready(Download.Totals.NONE, NOW))).isTrue();
  }

  private Download find(String id) {
    return store().find(id).orElseThrow();
  }

  private static Failure failure() {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "no answer").failure();
  }

  private static Failure removed() {
    return LadingException.removed().failure();
  }

  private static Download pending(String id) {
    CreateRequest request =
        new CreateRequest(
            "root", OptionalLong.empty(), false, new ManifestRequest(null, List.of()));
    return Download.pending(id, request, "client", NOW, EXPIRES);
  }
}
