package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;
import static org.lading.testing.Traces.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawFiles;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** What {@code POST /estimate} tells of creates. */
class EstimateTest {
  private static final int AT_ONCE = 16;
  private static final String DIRECTORY =
      "{'type': 'directory', 'path': '', 'recursive': true, 'zip_path': 'all'}";
  private static final String OBJECT = "{'type': 'file', 'path': 'a', 'root': 's3'}";

  @TempDir static Path directory;
  private static volatile Function<Request, Answer> script = request -> Answer.object(Map.of());
  static ScriptedS3 store;
  static LadingServer server;
  static final ExecutorService CLIENTS = Executors.newCachedThreadPool();

  @BeforeAll
  static void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    for (String file : List.of("a.txt", "sub/b.txt", "other/b.txt")) {
      RawFiles.write(
          directory.resolve("root").resolve(file), file.getBytes(StandardCharsets.UTF_8));
    }
    Files.createDirectories(directory.resolve("odd"));
    server =
        LadingServer.start(
            directory,
            """
            checksum_budget: 128 KiB
            limits: {targets: 1000, entries: 500}
            roots:
              - {name: main, path: root}
              - {name: odd, path: odd}
              - {name: omitting, path: odd, undeliverable: omit}
            """
                + store.root());
  }

  @AfterAll
  static void stop() {
    CLIENTS.shutdownNow();
    server.close();
    store.close();
  }

  @AfterEach
  void emptyOdd() throws IOException {
    script = request -> Answer.object(Map.of());
    store.letGo();
    List<Path> odd = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory.resolve("odd"))) {
      files.skip(1).forEach(file -> odd.add(0, file));
    }
    for (Path file : odd) {
      Files.delete(file);
    }
  }

  private static Reply estimate(String root, String... targets) {
    String body = "{'root': '%s', 'targets': [%s]}".formatted(root, String.join(", ", targets));
    return server.call("POST", "/estimate", body.replace('\'', '"'));
  }

  private static JsonNode estimated(String root, String... targets) {
    Reply reply = estimate(root, targets);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static void write(String file) throws IOException {
    RawFiles.write(directory.resolve("odd").resolve(file), new byte[] {'x'});
  }

  @Test
  void whatWouldSucceed_hasTheNumbersOfTheCreate_andNothingIsStored() throws IOException {
    for (String name : List.of("1", "2", "3")) {
      write("plain/" + name);
    }
    Set<String> stored = server.stored();
    String literal = "{'type': 'literal', 'name': 'note.txt', 'content': 'made to order'}";
    JsonNode estimate = estimated("odd", DIRECTORY, literal);

    assertThat(estimate.get("would").asText()).isEqualTo("succeed");
    assertThat(estimate.get("entry_count").asInt()).isEqualTo(4);
    assertThat(estimate.get("file_count").asInt()).isEqualTo(4);
    assertThat(estimate.get("approximate_size").asInt()).isEqualTo(3 + 13);
    assertThat(estimate.get("assembler").get("name").asText()).isEqualTo("embedded");
    assertThat(estimate.get("assembler").get("predicted_seconds").has("mod_zip")).isTrue();
    assertThat(estimate.get("preparation_seconds").asDouble()).isBetween(0.0, 5.0);
    assertThat(estimate.get("faults")).isEmpty();
    assertThat(estimate.get("renamed")).isEmpty();
    assertThat(server.stored()).isEqualTo(stored);
    assertThat(server.jobs()).isEmpty();
    // Of three files two fit into the budget; none was read.
    assertThat(estimate.get("checksums").get("to_read").asInt()).isEqualTo(2);
    assertThat(estimate.get("checksums").get("to_read_bytes").asInt()).isEqualTo(2);
    assertThat(estimate.get("checksums").get("unknown").asInt()).isEqualTo(1);
    JsonNode again = estimated("odd", DIRECTORY, literal);
    assertThat(again.get("checksums")).isEqualTo(estimate.get("checksums"));
  }

  @Test
  void allFaults_areTold_notOnlyTheFirst() throws IOException {
    write("d/fine");
    Files.createSymbolicLink(directory.resolve("odd/d/broken"), Path.of("nowhere"));
    Files.createSymbolicLink(directory.resolve("odd/d/out"), Path.of("/etc/passwd"));
    script =
        request ->
            request.isListing()
                ? Answer.ok("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
                : Answer.error(404, "NoSuchKey");
    JsonNode estimate =
        estimated(
            "odd",
            "{'type': 'file', 'path': 'missing'}",
            "{'type': 'directory', 'path': 'd', 'zip_path': '../up'}",
            "{'type': 'file', 'path': 'd/fine', 'root': 'nowhere'}",
            "{'type': 'directory', 'path': 'd', 'recursive': true}",
            OBJECT,
            "{'type': 'file', 'path': 'b', 'root': 's3'}",
            "{'type': 'file', 'path': 'd/fine'}",
            "{'type': 'file', 'path': 'd'}");

    assertThat(estimate.get("would").asText()).isEqualTo("fail");
    assertThat(estimate.has("zip_size")).isFalse();
    assertThat(estimate.get("faults_complete").asBoolean()).isTrue();
    assertThat(estimate.get("faults"))
        .extracting(f -> f.get("target_index").asInt() + " " + f.get("code").asText())
        .containsExactly(
            "1 invalid_name",
            "2 invalid_root",
            "0 missing_or_invalid_target",
            "3 missing_or_invalid_target",
            "3 missing_or_invalid_target",
            "4 missing_or_invalid_target",
            "5 missing_or_invalid_target",
            "7 missing_or_invalid_target");
    assertThat(estimate.get("faults"))
        .extracting(f -> f.get("error").asText())
        .anyMatch(error -> error.contains("d/broken"))
        .anyMatch(error -> error.contains("d/out"));
    assertThat(estimate.get("fault_count").asInt()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({"100, true", "101, false", "300, false"})
  void manyFaults_areToldUpToABound(int count, boolean complete) {
    String[] missing =
        IntStream.range(0, count)
            .mapToObj(i -> "{'type': 'file', 'path': 'missing%d'}".formatted(i))
            .toArray(String[]::new);
    String[] invalid =
        IntStream.range(0, count)
            .mapToObj(i -> "{'type': 'literal', 'name': 'a/%d', 'content': ''}".formatted(i))
            .toArray(String[]::new);
    for (String[] targets : List.of(missing, invalid)) {
      JsonNode estimate = estimated("main", targets);
      assertThat(estimate.get("faults")).hasSize(100);
      assertThat(estimate.get("faults_complete").asBoolean()).isEqualTo(complete);
    }
  }

  @Test
  void limitsAndEmptiness_areFaultsToo() throws IOException {
    for (int i = 0; i < 501; i++) {
      write("many/" + i);
    }
    JsonNode large = estimated("odd", DIRECTORY);
    assertThat(large.get("faults").get(0).get("code").asText()).isEqualTo("too_large");
    assertThat(large.get("faults").get(0).get("target_index").asInt()).isZero();
    assertThat(large.get("faults_complete").asBoolean()).isFalse();

    Files.createDirectories(directory.resolve("odd/nothing"));
    String nothing = "{'type': 'directory', 'path': 'nothing', 'zip_path': ''}";
    JsonNode empty = estimated("odd", nothing);
    assertThat(empty.get("faults")).hasSize(1);
    assertThat(empty.get("faults").get(0).get("code").asText()).isEqualTo("empty");
    assertThat(empty.get("faults_complete").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'root': 'main'                                        | unparseable
          {'root': 'main', 'targets': [{'type': 'file'}]}        | unparseable
          {'root': 'main', 'targets': []}                        | empty
          {'root': 'none', 'targets': [{'type': 'file', 'path': 'a'}]} | invalid_root
          {'root': 'main', 'target': []}                         | unparseable
          """)
  void badInput_getsTheSameErrorAsFromCreate(String body, String code) {
    Reply estimated = server.call("POST", "/estimate", body.replace('\'', '"'));
    Reply created = server.create(body);
    assertThat(estimated.json().get("code").asText()).isEqualTo(code);
    assertThat(estimated.json()).isEqualTo(created.json());
    assertThat(estimated.status()).isEqualTo(created.status());
  }

  @Test
  void archivedObjectsAndWhatIsLeftOut_areCountedAndListed() throws IOException {
    script =
        request ->
            request.isListing()
                ? Answer.ok(
                    "<ListBucketResult><IsTruncated>false</IsTruncated>"
                        + object("d/a", "STANDARD")
                        + object("d/cold", "GLACIER")
                        + object("d/colder", "DEEP_ARCHIVE")
                        + "</ListBucketResult>")
                : request.method().equals("HEAD")
                    ? Answer.object(Map.of("x-amz-storage-class", "GLACIER"))
                    : Answer.error(403, "InvalidObjectState");
    JsonNode archived = estimated("s3", "{'type': 'directory', 'path': 'd', 'recursive': true}");
    assertThat(archived.get("would").asText()).isEqualTo("fail");
    assertThat(archived.get("archived_count").asInt()).isEqualTo(2);
    assertThat(archived.get("faults")).hasSize(2);

    write("fine");
    Files.createSymbolicLink(directory.resolve("odd/broken"), Path.of("nowhere"));
    JsonNode omitted = estimated("omitting", DIRECTORY);
    assertThat(omitted.get("would").asText()).isEqualTo("succeed");
    assertThat(omitted.get("omitted_count").asInt()).isEqualTo(1);
    assertThat(omitted.get("omitted").get(0).get("error").asText()).contains("broken");
    assertThat(omitted.get("file_count").asInt()).isEqualTo(2);
  }

  private static String object(String key, String storageClass) {
    return ("<Contents><Key>%s</Key><LastModified>2026-02-03T04:05:06.000Z</LastModified>"
            + "<ETag>\"abc\"</ETag><Size>5</Size><StorageClass>%s</StorageClass></Contents>")
        .formatted(key, storageClass);
  }

  @Test
  void namesThatLookAlike_areListed() throws IOException {
    for (String name :
        List.of(
            "README", "readme", "Read/x", "caf\u00e9", "cafe\u0301", "a/b/c", "A/b/C", "read")) {
      write(name);
    }
    JsonNode estimate = estimated("odd", "{'type': 'directory', 'path': '', 'recursive': true}");
    assertThat(estimate.get("similar"))
        .extracting(one -> one.get("name").asText() + " like " + one.get("like").asText())
        .containsExactlyInAnyOrder(
            "a like A",
            "a/b like A/b",
            "a/b/c like A/b/C",
            "caf\u00e9 like cafe\u0301",
            "read like Read",
            "readme like README");
    assertThat(estimate.get("similar_count").asInt()).isEqualTo(6);
    assertThat(estimate.get("similar_complete").asBoolean()).isTrue();
  }

  @Test
  void renamedNames_areListed_alsoInTheAnswerOfTheCreateAndInTheStatus() throws IOException {
    Path odd = directory.resolve("odd");
    RawFiles.write(odd.resolve("b.txt"), new byte[] {'o'});
    RawFiles.write(RawFiles.at(odd, (byte) 'l', (byte) 0xff, (byte) 'x'), new byte[] {'m'});
    String[] targets = {
      "{'type': 'file', 'path': 'sub/b.txt'}",
      "{'type': 'file', 'path': 'sub/b.txt'}",
      "{'type': 'file', 'path': 'other/b.txt'}",
      "{'type': 'directory', 'path': '', 'root': 'odd', 'zip_path': ''}"
    };
    String expected =
        """
        [{'target_index':2,'from':'b.txt','to':'b (2).txt','reason':'taken'},\
        {'target_index':3,'from':'b.txt','to':'b (3).txt','reason':'taken'},\
        {'target_index':3,'from':'l\ufffdx','to':'l%FFx','reason':'not_utf8'}]"""
            .replace('\'', '"');
    JsonNode estimate = estimated("main", targets);
    assertThat(estimate.get("renamed").toString()).isEqualTo(expected);
    assertThat(estimate.get("renamed_count").asInt()).isEqualTo(3);

    Reply created =
        server.create("{'root': 'main', 'targets': [%s]}".formatted(String.join(", ", targets)));
    assertThat(created.json().get("renamed").toString()).isEqualTo(expected);
    Reply status = server.get(LadingServer.page(created, "status"));
    assertThat(status.json().get("renamed").toString()).isEqualTo(expected);
    assertThat(status.json().get("renamed_count").asInt()).isEqualTo(3);
    server.sql("delete from download");
  }

  @Test
  void moreThanSixteenAtOnce_areBusy_andClientsThatLeaveMakeRoom() throws Exception {
    script = request -> Answer.hang();
    List<Socket> gone = new ArrayList<>();
    List<CompletableFuture<Reply>> staying = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      if (i % 2 == 0) {
        gone.add(
            send("{\"root\": \"s3\", \"targets\": [%s]}".formatted(OBJECT.replace('\'', '"'))));
      } else {
        staying.add(CompletableFuture.supplyAsync(() -> estimate("s3", OBJECT), CLIENTS));
      }
    }
    awaited(store::inProgress, calls -> calls == AT_ONCE);
    Reply busy = estimate("main", DIRECTORY);
    assertThat(busy.status()).isEqualTo(503);
    assertThat(busy.json().get("code").asText()).isEqualTo("busy");
    assertThat(busy.header("Retry-After")).isEqualTo("5");

    for (Socket socket : gone) {
      socket.close();
    }
    Reply free = eventually(() -> estimate("main", DIRECTORY), reply -> reply.status() == 200);
    assertThat(free.json().get("would").asText()).isEqualTo("succeed");

    script = request -> Answer.object(Map.of());
    store.letGo();
    for (CompletableFuture<Reply> one : staying) {
      // After the spaces that show whether the client is there.
      assertThat(one.get().text()).startsWith(" ");
      assertThat(one.get().json().get("would").asText()).isEqualTo("succeed");
    }
  }

  private static Socket send(String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /downloads/estimate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n";
    socket.getOutputStream().write(head.formatted(bytes.length).getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return socket;
  }
}
