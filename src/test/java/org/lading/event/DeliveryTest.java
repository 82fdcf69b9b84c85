package org.lading.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.event.OutboxContract.HOOK;
import static org.lading.event.OutboxContract.NOW;
import static org.lading.event.OutboxContract.QUEUE;
import static org.lading.testing.Traces.awaited;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.DownloadStore;
import org.lading.event.DeliveryCounts.Ending;
import org.lading.store.Database;
import org.lading.store.JdbcDownloadStore;
import org.lading.store.JdbcOutbox;
import org.lading.testing.LogLines;
import org.lading.testing.OpenDatabase;
import org.lading.testing.SettableClock;
import org.lading.testing.TestDatabase;

/** How messages are delivered, from an outbox in the embedded database. */
class DeliveryTest {
  private static final String HOOKS = "https://app.example.org";
  private static final Outcome AGAIN = Outcome.tryAgain("no answer");

  private final SettableClock clock = new SettableClock(NOW);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger running = new AtomicInteger();
  private final List<Delivery> deliveries = new ArrayList<>();
  private final RecordingSender queues = new RecordingSender(Channel.AMQP);
  private final RecordingSender hooks = new RecordingSender(Channel.WEBHOOK);

  @TempDir Path directory;

  @RegisterExtension
  private final OpenDatabase database =
      new OpenDatabase(() -> Database.openEmbedded(directory.resolve("database")));

  private Outbox outbox() {
    return new JdbcOutbox(database.get());
  }

  private DownloadStore store() {
    return new JdbcDownloadStore(database.get());
  }

  /** Changes the database directly, without the application. */
  private void sql(String statement) throws SQLException {
    try (Connection connection = TestDatabase.embedded(directory).connect();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @AfterEach
  void stop() {
    deliveries.forEach(Delivery::beginToStop);
    threads.shutdownNow();
  }

  private Delivery delivery(Sender... senders) {
    Delivery delivery = new Delivery(outbox(), List.of(senders), this::run, clock);
    deliveries.add(delivery);
    return delivery;
  }

  /** Runs a task of a delivery, and counts it before the one that it follows has ended. */
  private void run(Runnable task) {
    running.incrementAndGet();
    threads.execute(
        () -> {
          try {
            task.run();
          } finally {
            running.decrementAndGet();
          }
        });
  }

  @Test
  void messages_areDeliveredInOrder_onTheirChannels() {
    for (String id : List.of("a", "b")) {
      OutboxContract.insert(store(), id, QUEUE, HOOK);
      OutboxContract.end(store(), id);
    }
    Delivery delivery = delivery(queues, hooks);
    delivery.wake();
    awaitEmpty(delivery);
    assertThat(hooks.delivered()).containsExactlyInAnyOrder("a READY", "b READY");
    assertThat(queues.delivered())
        .containsExactlyInAnyOrder("a RECEIVED", "a READY", "b RECEIVED", "b READY")
        .containsSubsequence("a RECEIVED", "a READY")
        .containsSubsequence("b RECEIVED", "b READY");
    assertThat(delivery.counts().of(Channel.AMQP, Ending.DELIVERED)).isEqualTo(4);
    assertThat(delivery.counts().of(Channel.WEBHOOK, Ending.DELIVERED)).isEqualTo(2);
    assertThat(delivery.counts().of(Channel.WEBHOOK, Ending.FAILED)).isZero();
  }

  @Test
  void messageThatFails_isTriedAgainAfterItsPauses_andHoldsBackItsSuccessorAlone() {
    OutboxContract.insert(store(), "a", QUEUE, HOOK);
    OutboxContract.end(store(), "a");
    queues.answer("queue", AGAIN);
    Delivery delivery = delivery(queues, hooks);
    tries(queues, delivery, NOW, 1);
    Instant second = NOW.plusSeconds(5);
    tries(queues, delivery, second.minusMillis(1), 1);
    tries(queues, delivery, second, 2);
    Instant third = second.plus(Duration.ofMinutes(5));
    tries(queues, delivery, third.minusMillis(1), 2);
    tries(queues, delivery, third, 3);
    assertThat(hooks.delivered()).containsExactly("a READY");
    assertThat(queues.messages()).extracting(Message::tries).containsExactly(0, 1, 2);
    assertThat(queues.messages().stream().map(Message::id).distinct()).hasSize(1);
    queues.answer("queue", Outcome.delivered());
    clock.set(third.plus(Duration.ofHours(10)));
    awaitEmpty(delivery);
    assertThat(queues.delivered()).containsExactly("a RECEIVED", "a READY");
    assertThat(delivery.counts().of(Channel.AMQP, Ending.FAILED)).isEqualTo(3);
  }

  @Test
  void receiverThatAsksForALongerPause_getsIt() {
    OutboxContract.insert(store(), "a", QUEUE);
    queues.answer("queue", Outcome.refused("busy", Duration.ofMinutes(2)));
    Delivery delivery = delivery(queues);
    tries(queues, delivery, NOW, 1);
    tries(queues, delivery, NOW.plusSeconds(119), 1);
    tries(queues, delivery, NOW.plusSeconds(120), 2);
  }

  @Test
  void messageThatFailsForADay_isGivenUpWithOneLineWithoutSecrets_andTheNextOneFollows()
      throws Exception {
    Subscription secret =
        new Subscription(
            Channel.WEBHOOK, "https://user:pass@app.example.org/hooks?token=secret", "");
    OutboxContract.insert(store(), "a", secret);
    OutboxContract.end(store(), "a");
    hooks.answer(HOOKS, AGAIN);
    Delivery delivery = delivery(hooks);
    tries(hooks, delivery, NOW, 1);
    clock.set(NOW.plus(Duration.ofHours(20)));
    store().expire(List.of(store().find("a").orElseThrow()), OutboxContract.EXPIRES);
    try (LogLines log = new LogLines()) {
      tries(hooks, delivery, NOW.plus(Duration.ofHours(20)), 2);
      awaited(
          log::warnings,
          lines -> lines.stream().anyMatch(line -> line.contains("no answer; it is tried again")));
      tries(hooks, delivery, NOW.plus(Duration.ofDays(1)), 4);
      assertThat(log.warnings())
          .anyMatch(
              line ->
                  line.contains(
                      "Message ready of a to https://app.example.org is given up: no answer"));
      assertThat(log.records()).noneMatch(line -> line.contains("secret") || line.contains("pass"));
    }
    assertThat(hooks.tried()).containsExactly("a READY", "a READY", "a READY", "a EXPIRED");
    assertThat(delivery.counts().of(Channel.WEBHOOK, Ending.GIVEN_UP)).isEqualTo(1);
  }

  @Test
  void messageThatIsOld_isTried_whenNoNodeHasRunForDays() {
    OutboxContract.insert(store(), "a", QUEUE);
    OutboxContract.insert(store(), "b", new Subscription(Channel.AMQP, "other", ""));
    clock.set(NOW.plus(Duration.ofDays(3)));
    queues.answer("other", AGAIN);
    Delivery delivery = delivery(queues);
    tries(queues, delivery, clock.instant(), 2);
    assertThat(queues.delivered()).containsExactly("a RECEIVED");
    assertThat(outbox().waiting(Channel.AMQP)).as("of the one that failed").isEqualTo(1);
  }

  @Test
  void destinationThatIsGone_isToldNoMoreOfTheDownload() {
    OutboxContract.insert(store(), "a", HOOK);
    OutboxContract.end(store(), "a");
    hooks.answer(HOOKS, Outcome.never("410"));
    Delivery delivery = delivery(hooks);
    delivery.wake();
    awaitEmpty(delivery);
    store().expire(List.of(store().find("a").orElseThrow()), OutboxContract.EXPIRES);
    assertThat(outbox().waiting(Channel.WEBHOOK)).isZero();
    assertThat(delivery.counts().of(Channel.WEBHOOK, Ending.GIVEN_UP)).isEqualTo(1);
  }

  @Test
  void receiverThatHangs_holdsItsOwnMessagesAlone_whateverItsPathsAre() {
    Semaphore hanging = hooks.hold("https://dead.example.org");
    for (int i = 0; i < 60; i++) {
      String url = "https://dead.example.org/" + i;
      OutboxContract.insert(store(), "dead" + i, new Subscription(Channel.WEBHOOK, url, ""));
      OutboxContract.end(store(), "dead" + i);
    }
    Delivery delivery = delivery(hooks);
    delivery.wake();
    awaited(() -> hooks.tried().size(), tries -> tries == 4);
    OutboxContract.insert(store(), "a", HOOK);
    OutboxContract.end(store(), "a");
    delivery.wake();
    awaited(hooks::delivered, delivered -> delivered.equals(List.of("a READY")));
    hanging.release(60);
    awaitEmpty(delivery);
    assertThat(hooks.mostActive()).isEqualTo(4);
  }

  @Test
  void receiverThatFailsSeveralTimes_isTriedWithOneMessage_untilItWorks() {
    for (int i = 0; i < 30; i++) {
      OutboxContract.insert(store(), "a" + i, QUEUE);
    }
    queues.answer("queue", AGAIN);
    Delivery delivery = delivery(queues);
    awaited(
        () -> {
          delivery.wake();
          return queues.tried().size();
        },
        tries -> tries >= 4);
    int tries = settledTries(queues, delivery);
    assertThat(tries).as("of 30").isBetween(4, 7);
    tries(queues, delivery, NOW.plusSeconds(8), tries + 1);
    queues.answer("queue", Outcome.delivered());
    delivery.resume(Channel.AMQP);
    awaited(() -> queues.delivered().size(), delivered -> delivered == 29);
    clock.set(NOW.plusSeconds(13));
    awaitEmpty(delivery);
  }

  @Test
  void senderThatIsNotReady_isNotAsked_andItsMessagesAreGivenUpAfterADay() {
    OutboxContract.insert(store(), "a", QUEUE);
    queues.setReady(false);
    Delivery delivery = delivery(queues);
    tries(queues, delivery, NOW, 0);
    tries(queues, delivery, NOW.plus(Duration.ofHours(23)), 0);
    assertThat(outbox().waiting(Channel.AMQP)).isEqualTo(1);
    clock.set(NOW.plus(Duration.ofDays(1)).plusMillis(1));
    awaitEmpty(delivery);
    assertThat(queues.tried()).isEmpty();
    assertThat(delivery.counts().of(Channel.AMQP, Ending.GIVEN_UP)).isEqualTo(1);
  }

  @Test
  void pathThatRefuses_holdsItsOwnMessagesAlone() {
    String slow = HOOKS + "/alice";
    for (int i = 0; i < 40; i++) {
      ready("a" + i, slow);
    }
    ready("b", HOOKS + "/bob");
    hooks.answer(slow, Outcome.refused("503", Duration.ofDays(1)));
    Delivery delivery = delivery(hooks);
    settledTries(hooks, delivery);
    assertThat(hooks.delivered()).containsExactly("b READY");
    int tries = hooks.tried().size();
    assertThat(tries).as("once, as it asked, but for those sent at once").isBetween(2, 9);
    tries(hooks, delivery, NOW.plus(Duration.ofMinutes(59)), tries);
  }

  @Test
  void pathThatRefusesEveryMessage_isTriedSeldom_andWhatIsUntriedIsNotGivenUp() {
    for (int i = 0; i < 40; i++) {
      ready("a" + i, HOOKS + "/alice");
    }
    hooks.answer(HOOKS + "/alice", Outcome.refused("404", null));
    Delivery delivery = delivery(hooks);
    assertThat(settledTries(hooks, delivery)).isBetween(4, 12);
    hooks.answer(HOOKS + "/alice", Outcome.delivered());
    clock.set(NOW.plus(Duration.ofDays(2)));
    awaitEmpty(delivery);
    assertThat(hooks.delivered()).as("untried messages are not given up").hasSize(40);
  }

  @Test
  void destinationThatRefusesForADay_hasItsOldMessagesGivenUp_alsoUntried() {
    for (int i = 0; i < 40; i++) {
      ready("a" + i, HOOKS + "/alice");
    }
    hooks.answer(HOOKS + "/alice", Outcome.refused("404", null));
    Delivery delivery = delivery(hooks);
    for (int hours = 0; hours <= 25; hours++) {
      clock.set(NOW.plus(Duration.ofHours(hours)));
      settledTries(hooks, delivery);
    }
    assertThat(outbox().waiting(Channel.WEBHOOK)).isZero();
    assertThat(delivery.counts().of(Channel.WEBHOOK, Ending.GIVEN_UP)).isEqualTo(40);
  }

  @Test
  void receiverThatFails_isTriedWithAllItsDestinationsInTurn() {
    for (int i = 0; i < 40; i++) {
      ready("a" + i, HOOKS + "/alice");
    }
    ready("b", HOOKS + "/bob");
    hooks.answer(HOOKS + "/alice", AGAIN);
    Delivery delivery = delivery(hooks);
    settledTries(hooks, delivery);
    for (int seconds = 1; seconds < 4; seconds++) {
      clock.set(NOW.plusSeconds(seconds));
      settledTries(hooks, delivery);
    }
    assertThat(hooks.delivered()).containsExactly("b READY");
  }

  @Test
  void clockThatIsSetBack_pausesNeitherReceiverNorMessage() {
    ready("a", HOOKS + "/a");
    hooks.answer(HOOKS, AGAIN);
    Delivery delivery = delivery(hooks);
    tries(hooks, delivery, NOW, 1);
    hooks.answer(HOOKS, Outcome.delivered());
    Instant back = NOW.minus(Duration.ofDays(3));
    clock.set(back);
    ready("b", HOOKS + "/b");
    awaitEmpty(delivery);
    assertThat(hooks.delivered()).containsExactlyInAnyOrder("a READY", "b READY");
  }

  @Test
  void receiverThatIsPaused_isNotPausedForLonger_whenTheClockIsSetBack() {
    for (int i = 0; i < 8; i++) {
      ready("a" + i, HOOKS + "/" + i);
    }
    clock.set(NOW.plus(Duration.ofMinutes(30)));
    hooks.answer(HOOKS, AGAIN);
    Delivery delivery = delivery(hooks);
    settledTries(hooks, delivery);
    hooks.answer(HOOKS, Outcome.delivered());
    clock.set(NOW);
    ready("b", HOOKS + "/b");
    settledTries(hooks, delivery);
    assertThat(hooks.delivered()).contains("b READY");
  }

  @Test
  void messagesOfANewerNode_holdNoOthersBack() throws Exception {
    for (String id : List.of("a", "b", "c")) {
      OutboxContract.insert(store(), id, QUEUE);
    }
    sql("update message set kind = 'NEWKIND' where stream = 'a'");
    sql("update message set channel = 'AAA', receiver = 'AAA queue' where stream = 'b'");
    Delivery delivery = delivery(queues);
    settledTries(queues, delivery);
    assertThat(queues.delivered()).containsExactly("c RECEIVED");
    assertThat(outbox().waiting(Channel.AMQP)).as("that of a new kind is left").isEqualTo(1);
  }

  @Test
  void messagesOfAChannelThatIsNoLongerSet_areGivenUpAfterADay() {
    ready("a", HOOKS);
    Delivery delivery = delivery();
    tries(hooks, delivery, NOW.plus(Duration.ofHours(23)), 0);
    assertThat(outbox().waiting(Channel.WEBHOOK)).isEqualTo(1);
    clock.set(NOW.plus(Duration.ofDays(1)).plusMillis(1));
    awaitEmpty(delivery);
    assertThat(delivery.counts().of(Channel.WEBHOOK, Ending.GIVEN_UP)).isEqualTo(1);
  }

  private void ready(String id, String url) {
    OutboxContract.insert(store(), id, new Subscription(Channel.WEBHOOK, url, ""));
    OutboxContract.end(store(), id);
  }

  @Test
  void claim_isRenewedWhileItsMessageIsSent_andTakenOverWhereItIsNot() {
    OutboxContract.insert(store(), "a", QUEUE);
    Semaphore hanging = queues.hold("queue");
    RecordingSender other = new RecordingSender(Channel.AMQP);
    Delivery one = delivery(queues);
    one.wake();
    awaited(queues::tried, tries -> tries.size() == 1);
    for (int seconds = 11; seconds < 100; seconds += 11) {
      clock.set(NOW.plusSeconds(seconds));
      one.wake();
      Instant renewed = clock.instant().plus(Delivery.CLAIMED);
      awaited(() -> outbox().due("", renewed.minusMillis(1), 1), List::isEmpty);
    }
    // As if its node were killed now.
    one.beginToStop();
    Delivery two = delivery(other);
    clock.set(clock.instant().plus(Delivery.CLAIMED).minusMillis(1));
    two.wake();
    assertThat(outbox().waiting(Channel.AMQP)).isEqualTo(1);
    clock.set(clock.instant().plusMillis(1));
    awaitEmpty(two);
    assertThat(other.delivered()).containsExactly("a RECEIVED");
    hanging.release();
  }

  @Test
  void deliveryThatCannotBeRecorded_isRecordedLater_andNotRepeated() throws Exception {
    OutboxContract.insert(store(), "a", QUEUE);
    OutboxContract.end(store(), "a");
    sql("create trigger held before delete on message begin select raise(abort, 'held'); end");
    Delivery delivery = delivery(queues);
    try (LogLines log = new LogLines()) {
      tries(queues, delivery, NOW, 1);
      awaited(
          log::warnings, lines -> lines.stream().anyMatch(line -> line.contains("not recorded")));
      tries(queues, delivery, NOW.plusSeconds(100), 1);
    }
    sql("drop trigger held");
    awaitEmpty(delivery);
    assertThat(queues.tried()).containsExactly("a RECEIVED", "a READY");
  }

  @Test
  void senderThatThrows_isAskedAgain() {
    OutboxContract.insert(store(), "a", QUEUE);
    Sender throwing =
        new Sender() {
          @Override
          public Channel channel() {
            return Channel.AMQP;
          }

          @Override
          public Outcome send(Message message) {
            if (queues.send(message).result() == Outcome.Result.DELIVERED && message.tries() == 0) {
              throw new IllegalStateException("faulty");
            }
            return Outcome.delivered();
          }

          @Override
          public List<Duration> pauses() {
            return RecordingSender.PAUSES;
          }
        };
    Delivery delivery = delivery(throwing);
    tries(queues, delivery, NOW, 1);
    clock.set(NOW.plusSeconds(5));
    awaitEmpty(delivery);
    assertThat(queues.messages()).extracting(Message::tries).containsExactly(0, 1);
  }

  /** Waits until nothing waits. */
  private void awaitEmpty(Delivery delivery) {
    awaited(
        () -> {
          delivery.wake();
          return outbox().waiting(Channel.AMQP) + outbox().waiting(Channel.WEBHOOK);
        },
        left -> left == 0);
  }

  /** Sets the clock, and holds the number of all tries of a sender to the given one. */
  private void tries(RecordingSender sender, Delivery delivery, Instant now, int count) {
    clock.set(now);
    assertThat(settledTries(sender, delivery)).as("at " + now).isEqualTo(count);
  }

  /** Returns the number of tries after which there are no more for now. */
  private int settledTries(RecordingSender sender, Delivery delivery) {
    delivery.wake();
    awaited(running::get, tasks -> tasks == 0);
    return sender.tried().size();
  }
}
