package org.lading;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.ListingXml;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;

/**
 * Requests and answers of stores that are larger than the heap may hold, all at once. The campaign
 * is the same with other figures:
 *
 * <pre>mvn -Dquick test -Dtest=MemoryTest -Dlading.memory.heap=256 -Dlading.memory.literal=60
 * -Dlading.memory.rounds=20 -Dlading.memory.clients=220 -Dlading.memory.seconds=2
 * -Dlading.testing.maxThreads=200</pre>
 */
class MemoryTest {
  /** The heap in MiB. */
  private static final int HEAP = Integer.getInteger("lading.memory.heap", 80);

  /** The length of a literal in MiB. */
  private static final int LITERAL = Integer.getInteger("lading.memory.literal", 20);

  private static final int ROUNDS = Integer.getInteger("lading.memory.rounds", 1);

  /** How many clients do not go on with their bodies; more than the threads of the container. */
  private static final int CLIENTS = Integer.getInteger("lading.memory.clients", 15);

  private static final int MAX_GROWTH = 32 << 20;

  /** The maximum time of an honest create in seconds; 2 on a machine that does nothing else. */
  private static final int SECONDS = Integer.getInteger("lading.memory.seconds", 5);

  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");
  private static final String FILE = "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a'}]}";
  private static final String DIRECTORY =
      "{'root': 's3', 'targets': [{'type': 'directory', 'path': '%s', 'recursive': true}]}";

  /** The directories of the store, and what it answers where they are listed. */
  private static final Map<String, Answer> LISTINGS =
      Map.of(
          "keys/", Answer.ok(manyKeys()),
          "key/", Answer.ok(new ListingXml().object("k".repeat(10_000_000), 1).toString()),
          "deep/", Answer.ok("<ListBucketResult>" + "<a>".repeat(1_000_000)),
          "deep-key/", Answer.ok("<ListBucketResult><Contents><Key>" + "<a>".repeat(1_000_000)),
          "other/", Answer.ok("<html>" + "<a/>".repeat(1_000_000) + "</html>"),
          "entities/", Answer.ok(entities() + "<ListBucketResult>&z;</ListBucketResult>"),
          "error/", new Answer(400, Map.of(), "<Error>" + "<a>x</a>".repeat(4_000_000)),
          "deep-error/", new Answer(400, Map.of(), "<Error>" + "<a>".repeat(1_000_000)));

  @TempDir Path directory;
  private final List<Socket> sockets = new ArrayList<>();

  @Test
  void everythingAtOnce_takesNoMemory_andHonestClientsAreServed() throws Exception {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a"), "aaa");
    try (ScriptedS3 s3 = new ScriptedS3(r -> LISTINGS.get(r.query().get("prefix")));
        LadingProcess lading =
            LadingProcess.start(directory, settings(s3), "-Xmx" + HEAP + "m", threads());
        Http http = lading.http()) {
      List<Long> times = new ArrayList<>();
      honest(http, times);
      for (int round = 1; round < ROUNDS; round++) {
        attack(lading, times);
      }
      long before = usedHeap(lading);
      attack(lading, times);
      assertThat(usedHeap(lading) - before).isLessThan(MAX_GROWTH);
      assertThat(times.subList(1, times.size()))
          .allMatch(nanos -> nanos < SECONDS * 1_000_000_000L);
      assertThat(Files.readString(directory.resolve("lading.log")))
          .doesNotContain("OutOfMemoryError", "StackOverflowError");
    }
  }

  private static String settings(ScriptedS3 s3) {
    return "roots:\n  - {name: main, path: root}\n" + s3.root();
  }

  private static String threads() {
    return "-D"
        + LadingServer.MAX_THREADS
        + "="
        + System.getProperty(LadingServer.MAX_THREADS, "10");
  }

  private void attack(LadingProcess lading, List<Long> times) throws Exception {
    ExecutorService attackers = Executors.newCachedThreadPool();
    List<Future<?>> attacks = new ArrayList<>();
    try (Http http = lading.http()) {
      for (int i = 0; i < CLIENTS; i++) {
        stop(
            lading,
            i % 2 == 0 ? "Content-Length: 1000\r\n\r\n{" : "Transfer-Encoding: chunked\r\n\r\n");
      }
      attacks.add(attackers.submit(() -> sendLiteral(lading)));
      LISTINGS.keySet().forEach(path -> attacks.add(attackers.submit(() -> list(lading, path))));
      do {
        honest(http, times);
      } while (!attacks.stream().allMatch(Future::isDone));
      for (Future<?> attack : attacks) {
        attack.get();
      }
    } finally {
      attackers.shutdownNow();
      for (Socket socket : sockets) {
        socket.close();
      }
      sockets.clear();
    }
  }

  private static void honest(Http http, List<Long> times) {
    long begun = System.nanoTime();
    assertThat(create(http, FILE).status()).isEqualTo(201);
    times.add(System.nanoTime() - begun);
  }

  private static Reply create(Http http, String json) {
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    return http.post("/downloads/create", body, "Prefer", LadingServer.PATIENT);
  }

  private void stop(LadingProcess lading, String rest) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), lading.port());
    sockets.add(socket);
    String request = "POST /downloads/create HTTP/1.1\r\nHost: x\r\n" + rest;
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  private static void list(LadingProcess lading, String path) {
    String name = path.substring(0, path.length() - 1);
    try (Http http = lading.http()) {
      Reply reply = create(http, DIRECTORY.formatted(name));
      assertThat(reply.json().get("code").asText())
          .as(path + " " + reply)
          .isIn("too_large", "storage_unavailable", "missing_or_invalid_target");
    }
  }

  private static Void sendLiteral(LadingProcess lading) throws IOException {
    byte[] head =
        "{\"root\": \"main\", \"targets\": [{\"type\": \"literal\", \"name\": \"n\", \"content\": \""
            .getBytes(UTF_8);
    byte[] block = "0123456789abcd\u00e4".repeat(1 << 16).getBytes(UTF_8);
    byte[] end = "\"}]}".getBytes(UTF_8);
    long length = head.length + (long) LITERAL * block.length + end.length;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), lading.port())) {
      OutputStream out = socket.getOutputStream();
      String request =
          "POST /downloads/create HTTP/1.1\r\nHost: x\r\nConnection: close\r\nPrefer: wait=300\r\n"
              + "Content-Length: "
              + length
              + "\r\n\r\n";
      out.write(request.getBytes(ISO_8859_1));
      out.write(head);
      for (int i = 0; i < LITERAL; i++) {
        out.write(block);
      }
      out.write(end);
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 201 ");
    }
    return null;
  }

  /** Returns the bytes of heap that are in use after a collection. */
  private static long usedHeap(LadingProcess lading) throws Exception {
    jcmd(lading, "GC.run");
    Matcher used = USED.matcher(jcmd(lading, "GC.heap_info"));
    long sum = 0;
    while (used.find()) {
      sum += Long.parseLong(used.group(1)) * 1024;
    }
    assertThat(sum).isPositive();
    return sum;
  }

  private static String jcmd(LadingProcess lading, String command) throws Exception {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                Long.toString(lading.pid()),
                command)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    assertThat(jcmd.waitFor()).as(output).isZero();
    return output;
  }

  private static String manyKeys() {
    ListingXml listing = new ListingXml();
    for (int i = 0; i < 200_000; i++) {
      listing.object("keys/%06d".formatted(i), 1);
    }
    return listing.toString();
  }

  private static String entities() {
    StringBuilder declarations = new StringBuilder("<!DOCTYPE z [<!ENTITY a \"aaaaaaaaaa\">");
    for (char name = 'b'; name <= 'z'; name++) {
      String before = "&" + (char) (name - 1) + ";";
      declarations
          .append("<!ENTITY ")
          .append(name)
          .append(" \"")
          .append(before.repeat(10))
          .append("\">");
    }
    return declarations + "]>";
  }
}
