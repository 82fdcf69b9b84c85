package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RandomTree;
import org.lading.testing.S3Server;

/**
 * An estimate and the create that follows agree to the byte, over trees that change between
 * requests. {@code -Dlading.testing.estimates=1000} sets the number of requests.
 */
class EstimateAgreesTest {
  private static final int REQUESTS = Integer.getInteger("lading.testing.estimates", 40);
  private static final int FILES = 30;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;
  static S3Server s3;
  static LadingServer server;

  private final Random random = new Random(15);

  /** The sizes of the files in both roots, by their paths. */
  private final Map<String, Integer> files = new TreeMap<>();

  @BeforeAll
  static void start() throws IOException {
    s3 = new S3Server();
    s3.createBucket("content");
    Files.createDirectories(directory.resolve("root"));
    server =
        LadingServer.start(
            directory,
            """
            checksum_budget: 1 MiB
            roots:
              - {name: main, path: root}
              - {name: direct, path: root, serve: direct, undeliverable: omit}
            """
                + s3.root("content"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    s3.close();
  }

  @Test
  void estimateAndCreate_agreeToTheByte_orTheCreateTellsWhatItFoundInstead() throws IOException {
    for (Map.Entry<String, byte[]> file : RandomTree.of(random, FILES).entrySet()) {
      if (!file.getKey().endsWith("/")) {
        put(file.getKey(), 1 + random.nextInt(1000));
      }
    }
    int succeeded = 0;
    for (int i = 0; i < REQUESTS; i++) {
      change();
      String request = request();
      String[] headers =
          random.nextBoolean() ? new String[] {"X-Archive-Assembler", "mod_zip"} : new String[0];
      Reply estimated = server.call("POST", "/estimate", request, headers);
      assertThat(estimated.status()).as(estimated.text()).isEqualTo(200);
      boolean changes = random.nextInt(8) == 0;
      if (changes) {
        change();
      }
      Reply created = server.create(request.getBytes(StandardCharsets.UTF_8), headers);
      if (!changes) {
        requireSame(estimated.json(), created, request);
      }
      if (created.status() == 201) {
        succeeded++;
        requireTrue(created);
      }
    }
    assertThat(succeeded).isGreaterThan(REQUESTS / 4).isLessThan(REQUESTS);
  }

  private static void requireSame(JsonNode estimate, Reply created, String request) {
    if (estimate.get("would").asText().equals("fail")) {
      assertThat(created.status()).as(request + created).isBetween(400, 499);
      JsonNode first = estimate.get("faults").get(0);
      for (String field : List.of("code", "error", "target_index", "path")) {
        assertThat(created.json().get(field)).as(field + request).isEqualTo(first.get(field));
      }
      return;
    }
    assertThat(created.status()).as(request + created).isEqualTo(201);
    for (String field :
        List.of(
            "zip_size",
            "approximate_size",
            "file_count",
            "omitted_count",
            "renamed_count",
            "renamed")) {
      assertThat(created.json().get(field))
          .as(field + request + estimate + created)
          .isEqualTo(estimate.get(field));
    }
    assertThat(created.json().get("assembler").get("name"))
        .isEqualTo(estimate.get("assembler").get("name"));
  }

  /** What a create says of its archive is what the archive is. */
  private static void requireTrue(Reply created) {
    String url = created.json().get("download_url").asText();
    String page = url.substring(url.lastIndexOf('/') + 1);
    Reply head = server.head(LadingServer.page(created, page));
    assertThat(head.header("Content-Length")).isEqualTo(created.json().get("zip_size").asText());
  }

  private void put(String path, int size) throws IOException {
    files.put(path, size);
    byte[] content = new byte[size];
    random.nextBytes(content);
    Path file = directory.resolve("root").resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    s3.put("content", path, content);
  }

  /** Adds files, removes one, and gives some another size; some are too large for the budget. */
  private void change() throws IOException {
    List<String> paths = new ArrayList<>(files.keySet());
    if (paths.size() > FILES) {
      String gone = paths.remove(random.nextInt(paths.size()));
      files.remove(gone);
      Files.delete(directory.resolve("root").resolve(gone));
      s3.delete("content", gone);
    }
    String some = paths.get(random.nextInt(paths.size()));
    put(some, random.nextInt(10) == 0 ? (2 << 20) + random.nextInt(100) : random.nextInt(70_000));
    String parent = some.contains("/") ? some.substring(0, some.lastIndexOf('/') + 1) : "";
    put(parent + "n" + random.nextInt(1000) + (random.nextBoolean() ? ".txt" : ""), 10);
  }

  private String request() {
    ObjectNode request = JSON.createObjectNode();
    request.put("root", root());
    if (random.nextBoolean()) {
      request.put("zip_name", "archive");
    }
    ArrayNode targets = request.putArray("targets");
    for (int i = random.nextInt(6); i >= 0; i--) {
      target(targets.addObject());
    }
    return request.toString();
  }

  private void target(ObjectNode target) {
    List<String> paths = new ArrayList<>(files.keySet());
    String path = paths.get(random.nextInt(paths.size()));
    int kind = random.nextInt(10);
    if (kind < 5) {
      target.put("type", "file").put("path", random.nextInt(25) == 0 ? path + "missing" : path);
      if (random.nextInt(3) == 0) {
        target.put("name", random.nextInt(25) == 0 ? "nul" : "same.txt");
      }
    } else if (kind < 9) {
      int slash = path.indexOf('/');
      target.put("type", "directory").put("path", slash < 0 ? "" : path.substring(0, slash));
      target.put("recursive", random.nextBoolean());
    } else {
      target.put("type", "literal").put("name", "same.txt").put("content", "text " + kind);
    }
    if (random.nextInt(3) == 0) {
      target.put("zip_path", random.nextInt(25) == 0 ? "a/../b" : "some/where");
    }
    if (random.nextInt(3) == 0) {
      target.put("root", random.nextInt(25) == 0 ? "nowhere" : root());
    }
  }

  private String root() {
    return List.of("main", "direct", "s3").get(random.nextInt(3));
  }
}
