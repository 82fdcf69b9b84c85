package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeBucketServer;
import org.lading.testing.LargeBucketServer.Calls;
import org.lading.testing.LargeKeys;
import org.lading.testing.Manifest;

/** Downloads of very many objects, and how few calls they take. */
class ManyObjectsTest {
  private static final int OBJECTS = 20_000;

  @TempDir static Path directory;
  static LargeKeys keys;
  static LargeBucketServer s3;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    keys = LargeKeys.albums(OBJECTS);
    s3 = new LargeBucketServer(keys);
    server = LadingServer.start(directory, "roots:\n" + s3.root());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    s3.close();
  }

  @Test
  void directory_withManyObjects_hasEachOnceInOrderAtLittleMoreThanACallAPage() {
    Calls before = s3.calls();
    Reply created =
        server.create(
            "{'root': 's3', 'targets': [{'type': 'directory', 'path': '', 'recursive': true}]}");
    Calls calls = s3.calls().since(before);
    assertThat(names(created)).isEqualTo(IntStream.range(0, OBJECTS).mapToObj(keys::get).toList());
    // The attempt in the quick lane, which ends after five pages, had others under way as well.
    assertThat(calls.lists()).isBetween(20L, 20L * 13 / 10 + 50 + 32);
    assertThat(calls.heads()).isZero();
  }

  @Test
  void files_thatAreMostOfTheirDirectories_areFoundByListings() {
    List<String> paths = new ArrayList<>(IntStream.range(0, 1000).mapToObj(keys::get).toList());
    Collections.shuffle(paths, new Random(1));
    Calls before = s3.calls();
    Reply created = create(paths);
    Calls calls = s3.calls().since(before);
    assertThat(names(created)).isEqualTo(paths);
    assertThat(calls.all()).isLessThan(100);
  }

  @Test
  void files_ofAsManyDirectories_areAskedForOneByOne() {
    List<String> paths = IntStream.range(0, 150).mapToObj(i -> keys.get(i * 100)).toList();
    Calls before = s3.calls();
    Reply created = create(paths);
    Calls calls = s3.calls().since(before);
    assertThat(names(created)).isEqualTo(paths);
    assertThat(calls.heads()).isEqualTo(150);
    assertThat(calls.lists()).isZero();
  }

  @Test
  void files_askedForTwice_countOnce() {
    List<String> paths =
        IntStream.range(0, 60).mapToObj(i -> keys.get(i / 2)).collect(Collectors.toList());
    assertThat(create(paths).json().get("file_count").asInt()).isEqualTo(30);
  }

  @Test
  void file_thatIsMissingAmongMany_isNamedWithItsPlace() {
    List<String> paths = new ArrayList<>(IntStream.range(0, 90).mapToObj(keys::get).toList());
    paths.add(70, "Album 00000/nowhere.jpg");
    paths.add(80, "../outside");
    Reply refused = post(paths);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    assertThat(refused.json().get("target_index").asInt()).isEqualTo(70);
    assertThat(refused.json().get("path").asText()).isEqualTo("Album 00000/nowhere.jpg");
  }

  @Test
  void file_thatIsADirectoryAmongMany_isRefusedAsOne() {
    List<String> paths = new ArrayList<>(IntStream.range(0, 90).mapToObj(keys::get).toList());
    paths.add(3, "Album 00001");
    Reply refused = post(paths);
    assertThat(refused.json().get("target_index").asInt()).isEqualTo(3);
    assertThat(refused.json().get("error").asText()).contains("is a directory, not a file");
  }

  private static Reply create(List<String> paths) {
    Reply created = post(paths);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return created;
  }

  /** Each file in a directory of its own inside the archive, so that all keep their names. */
  private static Reply post(List<String> paths) {
    return server.create(
        paths.stream()
            .map(
                path ->
                    "{'type': 'file', 'path': '%s', 'zip_path': '%s'}"
                        .formatted(path, path.replace("../", "").replaceAll("/[^/]*$", "")))
            .collect(Collectors.joining(",", "{'root': 's3', 'targets': [", "]}")));
  }

  private static List<String> names(Reply created) {
    return Manifest.parse(server.manifest(created)).stream().map(Manifest::name).toList();
  }
}
