package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ListingXml;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** Small objects of a store that takes its time. */
class ReadAheadTest {
  private static final int OBJECTS = 200;
  private static final int AT_ONCE = 16;

  @TempDir Path directory;
  private final AtomicInteger fetched = new AtomicInteger();
  private final CountDownLatch together = new CountDownLatch(AT_ONCE);

  @Test
  void objects_areAskedForTogether_andComeOutInOrder() throws Exception {
    try (ScriptedS3 store = new ScriptedS3(this::answerTogether);
        LadingServer server = server(store)) {
      byte[] archive = server.get(page(server)).bytes();

      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
        for (int i = 0; i < OBJECTS; i++) {
          ZipEntry entry = zip.getNextEntry();
          assertThat(entry.getName()).isEqualTo(name(i));
          assertThat(zip.readAllBytes()).asString().isEqualTo(content(i));
        }
        assertThat(zip.getNextEntry()).isNull();
      }
      assertThat(fetched).hasValue(OBJECTS);
    }
  }

  @Test
  void range_readsNothingBehindItsEnd() throws Exception {
    together.countDown();
    try (ScriptedS3 store = new ScriptedS3(this::answer);
        LadingServer server = server(store)) {
      String page = page(server);
      Reply reply = server.get(page, "Range", "bytes=0-99");
      assertThat(reply.status()).isEqualTo(206);
      assertThat(fetched.get()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void objectThatFails_endsTheArchiveAndNothingElse() throws Exception {
    try (ScriptedS3 store =
            new ScriptedS3(
                request ->
                    request.path().endsWith(name(100))
                        ? Answer.error(412, "PreconditionFailed")
                        : answer(request));
        LadingServer server = server(store)) {
      String page = page(server);
      assertThatThrownBy(() -> server.get(page)).hasRootCauseInstanceOf(IOException.class);
      assertThat(server.get(page, "Range", "bytes=0-99").status()).isEqualTo(206);
      assertThat(server.head(page).status()).isEqualTo(200);
    }
  }

  /**
   * Holds the first answers back until the given number is requested: reading one by one would
   * hang.
   */
  private Answer answerTogether(Request request) {
    if (!request.isListing()) {
      together.countDown();
      try {
        if (!together.await(20, TimeUnit.SECONDS)) {
          return Answer.error(500, "OneAfterAnother");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return answer(request);
  }

  private Answer answer(Request request) {
    if (request.isListing()) {
      ListingXml listing = new ListingXml();
      for (int i = 0; i < OBJECTS; i++) {
        listing.object(name(i), content(i).length());
      }
      return Answer.ok(listing.toString());
    }
    fetched.incrementAndGet();
    String path = request.path();
    int index = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    return new Answer(200, Map.of("ETag", "\"abc\""), content(index));
  }

  private static String name(int index) {
    return "d/%04d".formatted(index);
  }

  private static String content(int index) {
    return ("object " + index + " ").repeat(100);
  }

  private LadingServer server(ScriptedS3 store) {
    return LadingServer.start(directory, "roots:\n" + store.root());
  }

  private static String page(LadingServer server) {
    Reply created =
        server.create(
            "{'root': 's3', 'targets': [{'type': 'directory', 'path': 'd', 'zip_path': 'd', 'recursive': true}]}");
    return LadingServer.page(created, "download");
  }
}
