package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.app.Surroundings;
import org.lading.root.Root;
import org.lading.testing.HangingRoot;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.SettableClock;
import org.lading.testing.Traces;

/** How often the files of a large archive are looked at for many requests. */
class SourceChecksTest {
  private static final int FILES = 1100;

  /** The number of calls of one check: it begins, and looks at each file. */
  private static final int CALLS = FILES + 1;

  private static final int REQUESTS = 40;
  private static final String LINK = "/zip/main/d";
  private static final SettableClock clock =
      new SettableClock(Instant.parse("2026-06-01T12:00:00Z"));

  @TempDir static Path directory;
  private static final ExecutorService CLIENTS = Executors.newCachedThreadPool();
  private static HangingRoot root;
  private static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    Path files = Files.createDirectories(directory.resolve("root/d"));
    for (int i = 0; i < FILES; i++) {
      Files.writeString(files.resolve("f" + i), "1");
    }
    server =
        LadingServer.start(
            directory,
            "roots: [{name: main, path: root, public: true}]\ncreate_wait: 1m",
            Surroundings.on(clock).withRoots(SourceChecksTest::counting),
            0);
  }

  private static Root counting(Root configured) {
    root = new HangingRoot(configured);
    return root;
  }

  @AfterAll
  static void stop() {
    CLIENTS.shutdown();
    server.close();
  }

  @BeforeEach
  void later() {
    assertThat(server.get(LINK).status()).isEqualTo(200);
    clock.set(clock.instant().plusSeconds(3));
  }

  @Test
  void manyRequestsAtOnce_shareOneCheck_whoseResultIsUsedForTwoSeconds() {
    String tag = server.head(LINK).header("ETag");
    clock.set(clock.instant().plusSeconds(3));
    int before = root.calls();
    root.hang("stat");
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      replies.add(later(() -> server.head(LINK)));
    }
    replies.add(later(() -> server.get(LINK, "If-None-Match", tag)));
    Traces.awaited(root::inside, inside -> inside == 1);
    assertThat(replies).noneMatch(CompletableFuture::isDone);
    root.comeBack();

    assertThat(replies.subList(0, REQUESTS))
        .allSatisfy(reply -> assertThat(reply.join().status()).isEqualTo(200));
    assertThat(replies.get(REQUESTS).join().status()).isEqualTo(304);
    assertThat(root.calls() - before).isEqualTo(CALLS);
    clock.set(clock.instant().plus(Duration.ofMillis(1999)));
    assertThat(server.head(LINK).status()).isEqualTo(200);
    assertThat(root.calls() - before).isEqualTo(CALLS);
    clock.set(clock.instant().plus(Duration.ofMillis(1)));
    assertThat(server.head(LINK).status()).isEqualTo(200);
    assertThat(root.calls() - before).isEqualTo(2 * CALLS);
  }

  private static CompletableFuture<Reply> later(Supplier<Reply> request) {
    return CompletableFuture.supplyAsync(request, CLIENTS);
  }

  @Test
  void change_isSeenAfterTwoSeconds_andByTheStreamAtOnce() throws IOException {
    String tag = server.head(LINK).header("ETag");
    Files.writeString(directory.resolve("root/d/f0"), "22");
    assertThat(server.head(LINK).header("ETag")).isEqualTo(tag);
    Reply streamed = server.get(LINK);
    assertThat(streamed.status()).isEqualTo(200);
    assertThat(streamed.header("ETag")).as("its first bytes were read").isNotEqualTo(tag);

    Files.writeString(directory.resolve("root/d/f" + (FILES - 1)), "22");
    clock.set(clock.instant().plusSeconds(2));
    assertThat(server.head(LINK).header("ETag")).isNotIn(tag, streamed.header("ETag")).isNotNull();
  }

  @Test
  void failure_isToldForTwoSecondsAsWell() throws IOException {
    Reply created =
        server.create("{'root': 'main', 'targets': [{'type': 'directory', 'path': 'd'}]}");
    String page = LadingServer.page(created, "get");
    Path changed = directory.resolve("root/d/f5");
    FileTime before = Files.getLastModifiedTime(changed);
    Files.setLastModifiedTime(changed, FileTime.fromMillis(1));
    assertThat(server.get(page).status()).isEqualTo(409);
    Files.setLastModifiedTime(changed, before);
    assertThat(server.get(page).status()).isEqualTo(409);
    clock.set(clock.instant().plusSeconds(2));
    assertThat(server.get(page).status()).isEqualTo(200);
  }
}
