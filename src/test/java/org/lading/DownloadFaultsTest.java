package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.eventually;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.RawDownload;
import org.lading.testing.ScriptedObjects;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Ending;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.Traces;
import org.lading.testing.UncaughtFailures;

/**
 * Sources and clients that fail while archives go out: each is an error answer or a body that is
 * visibly broken; another download beside it goes on, and nothing is left behind.
 */
class DownloadFaultsTest {
  private static final int SMALL = 1000;
  private static final int LARGE = 3 << 20;

  /** More than all buffers between a source and its client hold. */
  private static final int HUGE = 24 << 20;

  /** More than lies between Lading and a client that does not read. */
  private static final int LOCAL = 8 << 20;

  /** What may not have been sent of what was read. */
  private static final int BUFFER = 128 * 1024;

  /**
   * More than two archives need at once, and those of clients that left a moment ago; what each
   * test loses would come on top.
   */
  private static final int STORE_CONNECTIONS = 7;

  @TempDir static Path directory;
  static ScriptedS3 store;
  static LadingServer server;
  static String fine;
  static byte[] fineArchive;
  private static final ScriptedObjects OBJECTS =
      new ScriptedObjects()
          .put("fine/1", LARGE)
          .put("fine/2", SMALL)
          .put("small/1", SMALL)
          .put("small/2", SMALL)
          .put("large/1", LARGE)
          .put("huge/1", HUGE);

  /** What becomes of requests for the objects that are not fine. */
  private static volatile Function<Request, Answer> fault = OBJECTS::answer;

  private final LogLines log = new LogLines();
  private final UncaughtFailures uncaught = new UncaughtFailures();
  private RawDownload beside;
  private byte[] besideBegin;

  /** What can happen to a file. */
  enum Change {
    SHRINKS,
    GROWS,
    DISAPPEARS;

    void happenTo(Path file) throws IOException {
      switch (this) {
        case SHRINKS -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) / 2);
          }
        }
        case GROWS -> Files.write(file, new byte[1], StandardOpenOption.APPEND);
        case DISAPPEARS -> Files.delete(file);
      }
    }
  }

  @BeforeAll
  static void start() throws IOException {
    store =
        new ScriptedS3(
            r -> r.isListing() || r.path().contains("/fine/") ? OBJECTS.answer(r) : fault.apply(r));
    write("local", LOCAL);
    server =
        LadingServer.start(
            directory, "roots:\n  - {name: main, path: root, serve: direct}\n" + store.root());
    fine =
        page(
            "{'type': 'file', 'path': 'local'},"
                + "{'type': 'directory', 'path': 'fine', 'root': 's3'}");
    fineArchive = server.get(fine).bytes();
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  @BeforeEach
  void beginAnother() throws IOException {
    beside = begin(fine);
    besideBegin = beside.read(1 << 20);
  }

  @AfterEach
  void anotherEndsWell_andNothingIsLeft() throws IOException {
    fault = OBJECTS::answer;
    assertThat(besideBegin).isEqualTo(Arrays.copyOf(fineArchive, 1 << 20));
    assertThat(beside.rest())
        .isEqualTo(Arrays.copyOfRange(fineArchive, 1 << 20, fineArchive.length));
    beside.close();

    assertThat(eventually(Traces::readersAtWork, List::isEmpty)).isEmpty();
    log.close();
    uncaught.close();
    assertThat(uncaught.soFar()).isEmpty();
    assertThat(eventually(() -> Traces.openFilesBelow(directory.resolve("root")), List::isEmpty))
        .isEmpty();
    assertThat(eventually(store::inProgress, count -> count == 0)).isZero();
    int port = store.endpoint().getPort();
    assertThat(eventually(() -> Traces.connectionsTo(port), open -> open <= STORE_CONNECTIONS))
        .isLessThanOrEqualTo(STORE_CONNECTIONS);
  }

  @ParameterizedTest
  @CsvSource({
    "small, 500, InternalError, 503, storage_unavailable",
    "small, 503, SlowDown, 503, storage_unavailable",
    "small, 412, PreconditionFailed, 409, unreadable",
    "small, 404, NoSuchKey, 409, changed",
    "large, 500, InternalError, 503, storage_unavailable",
    "large, 412, PreconditionFailed, 409, unreadable",
  })
  void object_refusedAtTheBeginning_isAnAnswer(
      String objects, int status, String code, int answer, String said) {
    fault = r -> Answer.error(status, code);

    Reply reply = server.get(objects(objects));

    assertThat(reply.status()).as(reply.toString()).isEqualTo(answer);
    assertThat(reply.json().get("code").asText()).isEqualTo(said);
    assertThat(reply.header("ETag")).isNull();
    assertThat(reply.json().get("error").asText()).contains("'" + objects + "/1'");
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalError",
    "503, ServiceUnavailable",
    "403, ExpiredToken",
    "412, PreconditionFailed",
    "404, NoSuchKey",
  })
  void object_refusedInTheMiddle_breaksTheBody(int status, String code) throws IOException {
    assertBreaksInTheMiddle(r -> Answer.error(status, code), status == 404);
  }

  @Test
  void object_thatIsAnotherInTheMiddle_breaksTheBody() throws IOException {
    assertBreaksInTheMiddle(r -> OBJECTS.answer(r).with("ETag", "\"another\""), true);
  }

  @Test
  void object_thatDoesNotGoOn_breaksTheBody() throws IOException {
    assertBreaksInTheMiddle(r -> OBJECTS.answer(r).endingAfter(0, Ending.CUT), false);
  }

  @Test
  void object_cutAgainAndAgain_comesOutWhole() throws IOException {
    String page = objects("large");
    byte[] whole = server.get(page).bytes();
    fault = r -> OBJECTS.answer(r).endingAfter(LARGE / 5, Ending.CUT);

    assertThat(server.get(page).bytes()).isEqualTo(whole);
  }

  @Test
  void object_hangingAtTheBeginning_isWaitedForByItsDownloadAlone() throws IOException {
    assertHangs("small", r -> Answer.hang());
  }

  @Test
  void object_hangingInTheMiddle_isWaitedForByItsDownloadAlone() throws IOException {
    assertHangs("large", r -> half(r, Ending.HANG));
  }

  @Test
  void client_leavingInTheMiddleOfAnObject_leavesNoConnectionToTheStore() throws IOException {
    String page = objects("huge");
    for (int i = 0; i < 2 * STORE_CONNECTIONS; i++) {
      try (RawDownload download = begin(page)) {
        assertThat(download.read(1 << 20)).hasSize(1 << 20);
      }
    }
    assertLeftWithoutAWarning();
  }

  @Test
  void client_leavingWhileAnObjectHangs_leavesNothingWhenThatEnds() throws IOException {
    fault = r -> half(r, Ending.HANG);
    try (RawDownload download = begin(objects("large"))) {
      assertThat(download.read(1 << 20)).hasSize(1 << 20);
      assertThat(eventually(store::inProgress, count -> count == 1)).isOne();
    }
    fault = OBJECTS::answer;
    store.letGo();
    assertLeftWithoutAWarning();
  }

  @ParameterizedTest
  @EnumSource
  void smallFile_thatChangesBeforeTheBeginning_isAnAnswer(Change change) throws IOException {
    assertAnswersChanged(change, SMALL);
  }

  @ParameterizedTest
  @EnumSource
  void largeFile_thatChangesBeforeTheBeginning_isAnAnswer(Change change) throws IOException {
    assertAnswersChanged(change, LARGE);
  }

  @ParameterizedTest
  @EnumSource
  void file_thatChangesBeforeItsTurn_breaksTheBody(Change change) throws IOException {
    Path file = write("later " + change, SMALL);
    String page =
        page(
            "{'type': 'file', 'path': 'local'}, {'type': 'file', 'path': '%s'}"
                .formatted(file.getFileName()));
    change.happenTo(file);

    try (RawDownload download = begin(page)) {
      byte[] received = download.rest();
      assertThat(received).hasSizeBetween(LOCAL - BUFFER, LOCAL + SMALL);
      assertBroken(download);
    }
    assertLogged("'" + file.getFileName() + "'");
  }

  @ParameterizedTest
  @EnumSource
  void file_thatChangesWhileItIsSent_breaksTheBody(Change change) throws IOException {
    Path file = write("sent " + change, HUGE);
    String page = page("{'type': 'file', 'path': '%s'}".formatted(file.getFileName()));
    byte[] whole = server.get(page).bytes();

    try (RawDownload download = begin(page)) {
      byte[] begin = download.read(1 << 20);
      change.happenTo(file);
      byte[] rest = download.rest();
      assertThat(begin).satisfies(prefix(whole));
      assertThat(rest)
          .hasSizeBetween(HUGE / 2 - begin.length - BUFFER, HUGE - begin.length)
          .satisfies(prefix(Arrays.copyOfRange(whole, begin.length, whole.length)));
      assertBroken(download);
    }
    assertLogged("'" + file.getFileName() + "'");
  }

  private void assertAnswersChanged(Change change, int size) throws IOException {
    Path file = write("first " + change + size, size);
    String page = page("{'type': 'file', 'path': '%s'}".formatted(file.getFileName()));
    change.happenTo(file);

    Reply reply = server.get(page);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(409);
    assertThat(reply.json().get("code").asText()).isEqualTo("changed");
    assertThat(reply.json().get("error").asText()).contains("'" + file.getFileName() + "'");
    assertThat(reply.header("ETag")).isNull();
  }

  /** The second half is what the store makes of it; a changed object is named in the log. */
  private void assertBreaksInTheMiddle(Function<Request, Answer> secondHalf, boolean changed)
      throws IOException {
    String page = objects("large");
    byte[] whole = server.get(page).bytes();
    fault = r -> ScriptedObjects.offset(r) == 0 ? half(r, Ending.CUT) : secondHalf.apply(r);

    try (RawDownload download = begin(page)) {
      assertThat(download.rest())
          .hasSizeBetween(LARGE / 2 - BUFFER, LARGE)
          .satisfies(prefix(whole));
      assertBroken(download);
    }
    assertLogged(changed ? "'large/1' changed" : "root s3");
    Reply status = server.get(page.replace("/download", "/status"));
    assertThat(status.json().get("status").asText()).isEqualTo(changed ? "changed" : "ready");
    assertThat(status.json().at("/changed/names/0").asText()).endsWith(changed ? "large/1" : "");
  }

  /** Only of what is right as far as it goes can a client get the rest. */
  private static ThrowingConsumer<byte[]> prefix(byte[] whole) {
    return part -> assertThat(Arrays.mismatch(part, whole)).isEqualTo(part.length);
  }

  private void assertHangs(String objects, Function<Request, Answer> hanging) throws IOException {
    String page = objects(objects);
    byte[] whole = server.get(page).bytes();
    fault = hanging;
    try (RawDownload download = begin(page)) {
      assertThat(eventually(store::inProgress, count -> count > 0)).isPositive();
      assertThat(server.get(fine).bytes()).isEqualTo(fineArchive);
      assertThat(store.inProgress()).isPositive();

      fault = OBJECTS::answer;
      store.letGo();
      assertThat(download.rest()).isEqualTo(whole);
    }
  }

  /** That a client has had enough is nothing that an operator can do something about. */
  private void assertLeftWithoutAWarning() {
    assertThat(eventually(store::inProgress, count -> count == 0)).isZero();
    assertThat(eventually(Traces::readersAtWork, List::isEmpty)).isEmpty();
    assertThat(log.warnings()).noneMatch(line -> line.contains("breaks off"));
  }

  private static void assertBroken(RawDownload download) throws IOException {
    assertThat(download.head()).startsWith("HTTP/1.1 200");
    assertThat(download.isComplete()).isFalse();
  }

  private void assertLogged(String words) {
    assertThat(eventually(log::warnings, lines -> lines.stream().anyMatch(l -> breaks(l, words))))
        .anyMatch(line -> breaks(line, words));
  }

  private static boolean breaks(String line, String words) {
    return line.contains(" breaks off: ") && line.contains(words);
  }

  private static Answer half(Request request, Ending ending) {
    return OBJECTS.answer(request).endingAfter(LARGE / 2, ending);
  }

  private static RawDownload begin(String page) throws IOException {
    return new RawDownload(server.port(), "/downloads" + page);
  }

  private static String objects(String name) {
    return page("{'type': 'directory', 'path': '%s', 'root': 's3'}".formatted(name));
  }

  private static String page(String targets) {
    Reply created = server.create("{'root': 'main', 'targets': [" + targets + "]}");
    return LadingServer.page(created, "download");
  }

  private static Path write(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(Files.createDirectories(directory.resolve("root")).resolve(name), content);
  }
}
