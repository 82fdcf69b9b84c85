package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.LadingServer;
import org.lading.testing.RawDownload;
import org.lading.testing.ScriptedObjects;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/**
 * A store that does not answer, and more downloads that wait for it than the container has threads.
 */
class HangingStoreTest {
  private static final int MANY = 100;

  @TempDir Path directory;
  private final ScriptedObjects objects = new ScriptedObjects().put("d/1", 1000).put("d/2", 1000);
  private final List<RawDownload> waiting = new ArrayList<>();
  private volatile Function<Request, Answer> script = objects::answer;
  private ScriptedS3 store;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    Files.createDirectories(directory.resolve("root"));
    Files.write(directory.resolve("root/local"), new byte[3 << 20]);
    server =
        LadingServer.start(
            directory, "roots:\n  - {name: main, path: root, serve: direct}\n" + store.root());
  }

  @AfterEach
  void stop() throws IOException {
    for (RawDownload download : waiting) {
      download.close();
    }
    server.close();
    store.close();
  }

  @Test
  void downloadsThatWait_keepNobodyElseFromTheirs_andGoOnWhenTheStoreDoes() throws IOException {
    String page = page("{'type': 'directory', 'path': 'd', 'root': 's3'}");
    byte[] whole = server.get(page).bytes();
    String local = page("{'type': 'file', 'path': 'local'}");
    byte[] localArchive = server.get(local).bytes();

    script = request -> Answer.hang();
    for (int i = 0; i < MANY; i++) {
      waiting.add(new RawDownload(server.port(), "/downloads" + page));
    }
    assertThat(eventually(store::inProgress, count -> count >= MANY)).isGreaterThanOrEqualTo(MANY);
    assertThat(server.get(local).bytes()).isEqualTo(localArchive);

    script = objects::answer;
    store.letGo();
    for (RawDownload download : waiting) {
      assertThat(download.rest()).isEqualTo(whole);
    }
  }

  private String page(String target) {
    return LadingServer.page(
        server.create("{'root': 'main', 'targets': [" + target + "]}"), "download");
  }
}
