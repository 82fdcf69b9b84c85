package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.ScriptedObjects;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Ending;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.Traces;

/**
 * The log names the download on every line that is a warning about one, and nowhere has all of its
 * id, which would be enough to fetch it.
 */
class LoggedIdsTest {
  private static final int LARGE = 9 << 20;

  @TempDir Path directory;
  private final ScriptedObjects objects =
      new ScriptedObjects().put("d/large", LARGE).put("d/small", 1000);
  private volatile Function<Request, Answer> script = objects::answer;
  private ScriptedS3 store;
  private LadingServer server;
  private LogLines log;

  @BeforeEach
  void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    server = LadingServer.start(directory, "roots:\n" + store.root());
    log = new LogLines();
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
    log.close();
  }

  @Test
  void objectThatBreaksOff_whileItIsStreamed() {
    Reply created = server.create(request("'recursive': true"));
    AtomicInteger cut = new AtomicInteger();
    script =
        request ->
            cut.getAndIncrement() % 2 == 0
                ? objects.answer(request).endingAfter(10, Ending.CUT)
                : objects.answer(request);

    assertThat(server.get(LadingServer.page(created, "download")).status()).isEqualTo(200);

    assertAllName(created.json().get("id").asText(), " broke off at ");
  }

  @Test
  void storeThatDoesNotAnswer_whileADownloadIsPrepared() {
    script = request -> Answer.error(500, "InternalError");
    Reply created = server.create(request("'recursive': true"), "Prefer", "respond-async");
    String id = created.json().get("id").asText();
    Traces.eventually(
        () -> log.warnings().stream().anyMatch(line -> line.contains(told(id))), found -> found);
    assertAllName(id, "root s3");
  }

  @Test
  void pagesOfADownload_areCalledWithAShortenedPath() {
    String id = server.create(request("'recursive': true")).json().get("id").asText();
    server.sql("alter table download rename to away");
    assertThat(server.get("/s3/" + id + "/status").status()).isGreaterThanOrEqualTo(500);
    server.sql("alter table away rename to download");

    assertThat(log.records())
        .anyMatch(record -> record.contains("Call of s3/" + told(id) + "/status: "))
        .noneMatch(record -> record.contains(id));
  }

  private void assertAllName(String id, String words) {
    List<String> lines =
        log.warnings().stream().filter(line -> line.startsWith("org.lading.")).toList();
    assertThat(lines)
        .anyMatch(line -> line.contains(words))
        .allMatch(line -> line.contains(told(id)));
    assertThat(log.records())
        .anyMatch(record -> record.contains(told(id)))
        .noneMatch(record -> record.contains(id));
  }

  private static String told(String id) {
    return id.substring(0, 12);
  }

  private static String request(String more) {
    return "{'root': 's3', 'targets': [{'type': 'directory', 'path': 'd', " + more + "}]}";
  }
}
