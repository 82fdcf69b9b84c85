package org.lading.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.JavaProcess;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;

/**
 * Nodes that deliver messages and are killed again and again. {@code mvn verify
 * -Dit.test=KilledDeliveryIT -Dkills=50} kills them more often.
 */
class KilledDeliveryIT {
  private static final int KILLS = Integer.getInteger("kills", 2);
  private static final int MAX_MILLIS_BETWEEN_KILLS = 1000;
  private static final Duration PATIENCE = EventNode.CLAIMED.plusSeconds(60);

  @TempDir Path directory;
  private final Random random = new Random();
  private final List<String> received = Collections.synchronizedList(new ArrayList<>());

  @Test
  void everyMessage_isDeliveredInOrder_whenTheNodeWithTheEmbeddedDatabaseIsKilled()
      throws Exception {
    String database = directory.resolve("database").toString();
    try (ServerSocket receiver = receiver()) {
      for (int kill = 0; kill < KILLS; kill++) {
        try (JavaProcess node = start(database, receiver)) {
          Thread.sleep(random.nextInt(MAX_MILLIS_BETWEEN_KILLS));
          node.kill();
        }
      }
      try (JavaProcess node = start(database, receiver, "deliver")) {
        requireAll(TestDatabase.embedded(directory));
        node.kill();
      }
    }
  }

  @Test
  @NeedsProgram(Programs.UNSHARE)
  void everyMessage_isDeliveredInOrder_whenOneOfTwoNodesOnPostgresIsKilled() throws Exception {
    String database = PostgresServer.newDatabase();
    try (ServerSocket receiver = receiver();
        JavaProcess other = start(database, receiver, "deliver")) {
      for (int kill = 0; kill < KILLS; kill++) {
        try (JavaProcess node = start(database, receiver)) {
          Thread.sleep(random.nextInt(MAX_MILLIS_BETWEEN_KILLS));
          node.kill();
        }
      }
      // It makes ready what the killed ones have stored.
      try (JavaProcess node = start(database, receiver, "deliver")) {
        requireAll(TestDatabase.postgres(database));
        node.kill();
      }
      other.kill();
    }
  }

  private JavaProcess start(String database, ServerSocket receiver, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of(database, Integer.toString(receiver.getLocalPort())));
    arguments.addAll(List.of(more));
    return JavaProcess.start(EventNode.class, arguments, directory.resolve("node.log"), "-Xmx64m");
  }

  /** Waits until all that was stored was told of, and holds the order to the contract. */
  private void requireAll(TestDatabase database) {
    awaited(
        PATIENCE, () -> database.number("select count(*) from message"), waiting -> waiting == 0);
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    Set<String> ids = new LinkedHashSet<>();
    Set<String> stored = new LinkedHashSet<>();
    int again = 0;
    for (String line : List.copyOf(received)) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("stored")) {
        stored.add(words[1]);
      } else {
        List<String> earlier = kinds.computeIfAbsent(words[0], any -> new ArrayList<>());
        boolean isNew = ids.add(words[2]);
        assertThat(isNew || earlier.get(earlier.size() - 1).equals(words[1]))
            .as("a repeated message comes before the next one: %s, %s", earlier, line)
            .isTrue();
        again += isNew ? 0 : 1;
        if (isNew) {
          earlier.add(words[1]);
        }
      }
    }
    assertThat(kinds.values()).containsOnly(List.of("RECEIVED", "READY"));
    assertThat(kinds.keySet()).containsAll(stored);
    assertThat(ids).hasSize(2 * kinds.size());
    System.out.printf(
        "%d kills, %d downloads, %d messages, %d of them once more%n",
        KILLS, kinds.size(), ids.size(), again);
    assertThat(kinds).hasSizeGreaterThan(KILLS);
  }

  /** A server that keeps each line that it has answered. */
  private ServerSocket receiver() throws IOException {
    ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread accepting =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  String line =
                      new BufferedReader(
                              new InputStreamReader(
                                  socket.getInputStream(), StandardCharsets.UTF_8))
                          .readLine();
                  if (line != null) {
                    received.add(line);
                    socket.getOutputStream().write("ok\n".getBytes(StandardCharsets.UTF_8));
                  }
                } catch (IOException e) {
                  // Its client was killed, or the test is over.
                }
              }
            });
    accepting.setDaemon(true);
    accepting.start();
    return server;
  }
}
