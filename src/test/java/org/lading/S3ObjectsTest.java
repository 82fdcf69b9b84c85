package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.BareObjects.chunked;
import static org.lading.testing.BareObjects.error;
import static org.lading.testing.BareObjects.whole;
import static org.lading.testing.BareObjects.without;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.testing.BareObjects;
import org.lading.testing.BareObjects.Stored;
import org.lading.testing.BareS3;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Ending;
import org.lading.testing.ScriptedS3.Request;

/**
 * Stores, and proxies before them, that leave out what HTTP leaves optional, or that refuse what
 * did not change: whatever can be had comes out right, and a change is noticed all the same.
 */
class S3ObjectsTest {
  /** More than what is read whole. */
  private static final String LARGE = numbers(1_200_000);

  @TempDir static Path directory;
  static BareS3 s3;
  static LadingServer server;

  /** The objects by the names of their buckets, which are those of the roots too. */
  private static final Map<String, BareObjects> BUCKETS = new ConcurrentHashMap<>();

  /** Ways of stores in which every object can still be had. */
  enum Way {
    /** Listings have another tag than HEAD and GET, which is the one that conditions need. */
    LISTED_TAG_DIFFERS {
      @Override
      Answer answer(Request request, Answer proper) {
        String tag = otherTag(request);
        String condition = request.headers().getOrDefault("If-Match", tag);
        Answer answer = proper.status() == 412 ? whole(object(request)) : proper;
        return condition.equals(tag) ? answer.with("ETag", tag) : error(412, "PreconditionFailed");
      }
    },
    /** The same, by a store that ignores conditions. */
    LISTED_TAG_DIFFERS_AND_CONDITIONS_ARE_IGNORED {
      @Override
      Answer answer(Request request, Answer proper) {
        return (proper.status() == 412 ? whole(object(request)) : proper)
            .with("ETag", otherTag(request));
      }
    },
    CONDITIONS_FAIL {
      @Override
      Answer answer(Request request, Answer proper) {
        return request.headers().containsKey("If-Match")
            ? error(412, "PreconditionFailed")
            : proper;
      }
    },
    CONDITIONS_ARE_NOT_IMPLEMENTED {
      @Override
      Answer answer(Request request, Answer proper) {
        return request.headers().containsKey("If-Match") ? error(501, "NotImplemented") : proper;
      }
    },
    TAGS_ARE_WEAK {
      @Override
      Answer answer(Request request, Answer proper) {
        return request.headers().containsKey("If-Match")
            ? error(412, "PreconditionFailed")
            : proper.with("ETag", "W/" + proper.headers().get("ETag"));
      }
    },
    TAGS_HAVE_A_SUFFIX {
      @Override
      Answer answer(Request request, Answer proper) {
        if (request.headers().containsKey("If-Match")) {
          return error(412, "PreconditionFailed");
        }
        String tag = proper.headers().get("ETag");
        return proper.with("ETag", tag.substring(0, tag.length() - 1) + "-gzip\"");
      }
    },
    NO_TAGS {
      @Override
      Answer answer(Request request, Answer proper) {
        return without(proper, "ETag");
      }
    },
    NO_TIMES {
      @Override
      Answer answer(Request request, Answer proper) {
        return without(proper, "Last-Modified");
      }
    },
    NEITHER_TAGS_NOR_TIMES {
      @Override
      Answer answer(Request request, Answer proper) {
        return without(proper, "ETag", "Last-Modified");
      }
    },
    NO_LENGTH {
      @Override
      Answer answer(Request request, Answer proper) {
        return chunked(proper);
      }
    },
    /** Only the end of the connection tells that of the body. */
    NO_LENGTH_AND_NO_CHUNKS {
      @Override
      Answer answer(Request request, Answer proper) {
        return without(proper, "Content-Length").with("Connection", "close");
      }
    },
    /** A proxy that makes what it cannot know to zero. */
    HEAD_IS_EMPTY {
      @Override
      Answer answer(Request request, Answer proper) {
        return request.method().equals("HEAD") ? proper.with("Content-Length", "0") : proper;
      }
    },
    NO_HEAD {
      @Override
      Answer answer(Request request, Answer proper) {
        return request.method().equals("HEAD") ? error(405, "MethodNotAllowed") : proper;
      }
    },
    RANGES_ARE_IGNORED {
      @Override
      Answer answer(Request request, Answer proper) {
        return whole(object(request)).with("Accept-Ranges", "none");
      }
    },
    RANGES_ARE_IGNORED_WITHOUT_LENGTH {
      @Override
      Answer answer(Request request, Answer proper) {
        return chunked(without(whole(object(request)), "ETag", "Accept-Ranges"));
      }
    },
    RANGES_ARE_REFUSED {
      @Override
      Answer answer(Request request, Answer proper) {
        return request.headers().containsKey("Range") ? error(416, "InvalidRange") : proper;
      }
    },
    RANGES_ARE_NOT_IMPLEMENTED {
      @Override
      Answer answer(Request request, Answer proper) {
        return request.headers().containsKey("Range") ? error(501, "NotImplemented") : proper;
      }
    },
    NO_CONTENT_RANGE {
      @Override
      Answer answer(Request request, Answer proper) {
        return without(proper, "Content-Range");
      }
    },
    CONTENT_RANGE_IS_A_STAR {
      @Override
      Answer answer(Request request, Answer proper) {
        return proper.status() == 206 ? proper.with("Content-Range", "*") : proper;
      }
    },
    CONTENT_RANGE_WITHOUT_THE_WHOLE {
      @Override
      Answer answer(Request request, Answer proper) {
        String range = proper.headers().get("Content-Range");
        return range == null
            ? proper
            : chunked(proper.with("Content-Range", range.replaceFirst("/.*", "/*")));
      }
    },
    /** A proxy that gives at most 400,000 bytes, as it may. */
    PARTS_ARE_SHORTER {
      @Override
      Answer answer(Request request, Answer proper) {
        String range = request.headers().get("Range");
        if (range == null) {
          return proper;
        }
        Stored object = object(request);
        int from = Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
        int to = Math.min(from + 400_000, object.content().length());
        return BareObjects.answer(206, object.content().substring(from, to))
            .with("ETag", object.tag())
            .with(
                "Content-Range",
                "bytes %d-%d/%d".formatted(from, to - 1, object.content().length()));
      }
    },
    BODIES_BREAK_OFF {
      @Override
      Answer answer(Request request, Answer proper) {
        return proper.endingAfter(500_000, Ending.CUT);
      }
    },
    BODIES_BREAK_OFF_WITHOUT_CONDITIONS {
      @Override
      Answer answer(Request request, Answer proper) {
        return CONDITIONS_FAIL.answer(request, proper).endingAfter(500_000, Ending.CUT);
      }
    };

    abstract Answer answer(Request request, Answer proper);

    String bucket() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @BeforeAll
  static void start() throws IOException {
    s3 = new BareS3(S3ObjectsTest::answer);
    StringBuilder roots = new StringBuilder("roots:\n");
    for (Way way : Way.values()) {
      BUCKETS.put(way.bucket(), new BareObjects().put("d/a", "hello").put("d/b", LARGE));
      roots.append(s3.root(way.bucket(), way.bucket()));
    }
    server = LadingServer.start(directory, roots.toString());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    s3.close();
  }

  @ParameterizedTest
  @EnumSource
  void store_withItsOwnWay_givesWhatItHas(Way way) throws IOException {
    Map<String, String> expected = Map.of("d/a", "hello", "d/b", LARGE);
    Map<String, String> alone = Map.of("a", "hello", "b", LARGE);
    String listed = directory(way.bucket(), "d");
    String single = files(way.bucket(), "d/a", "d/b");
    assertThat(contents(server.get(single))).isEqualTo(alone);
    assertThat(contents(server.get(listed))).isEqualTo(expected);
    Reply range = server.get(listed, "Range", "bytes=-600000");
    assertThat(range.status()).isEqualTo(206);
    assertThat(range.text()).contains(LARGE.substring(LARGE.length() - 500_000));

    BUCKETS.get(way.bucket()).put("d/a", "HELLO", "2026-02-03T04:05:07Z");
    for (String page : List.of(single, listed)) {
      Reply reply = server.get(page);
      assertThat(reply.status()).as(reply.toString()).isEqualTo(409);
      assertThat(reply.json().get("code").asText()).isEqualTo("changed");
      assertThat(reply.json().get("error").asText()).contains("'d/a'");
      JsonNode status = server.get(page.replace("/download", "/status")).json();
      assertThat(status.get("status").asText()).isEqualTo("changed");
      assertThat(status.get("changed").get("names").toString()).contains("a\"");
    }
  }

  @Test
  void way_ofAStore_costsRequestsOnceAndNotForEachObject() throws IOException {
    String bucket = Way.LISTED_TAG_DIFFERS.bucket();
    for (int i = 0; i < 50; i++) {
      BUCKETS.get(bucket).put("many/%02d".formatted(i), "content " + i);
    }
    String page = directory(bucket, "many");
    server.get(page);
    int before = s3.requests().size();
    assertThat(contents(server.get(page))).hasSize(50);
    assertThat(s3.requests()).hasSize(before + 50);
  }

  @Test
  void nginx_isToldTheConditionThatTheStoreHonours() {
    String dated = "/unmodified-since/Tue%2C%2003%20Feb%202026";
    Map<Way, String> guards =
        Map.of(
            Way.NO_TIMES, "/if-match/%22",
            Way.NO_TAGS, "/if-match/%22",
            Way.RANGES_ARE_REFUSED, "/if-match/%22",
            Way.LISTED_TAG_DIFFERS_AND_CONDITIONS_ARE_IGNORED, dated,
            Way.LISTED_TAG_DIFFERS, "",
            Way.CONDITIONS_FAIL, "",
            Way.CONDITIONS_ARE_NOT_IMPLEMENTED, "");
    guards.forEach(
        (way, guard) -> {
          BUCKETS.get(way.bucket()).put("guard/c", LARGE);
          String page = directory(way.bucket(), "guard");
          server.get(page);
          String manifest =
              server
                  .get(page.replace("/download", "/get"), "X-Archive-Locations", "guarded")
                  .text();
          assertThat(manifest).contains(" /256k" + (guard.isEmpty() ? "/" + way.bucket() : guard));
        });
    JsonNode parts = server.status().json().get("parts");
    guards.forEach(
        (way, guard) ->
            assertThat(parts.get("root " + way.bucket()).path("warning").asText())
                .as(way.bucket())
                .matches(guard.isEmpty() ? "The store refuses its own ETags.*" : ""));
  }

  private static Answer answer(Request request) {
    BareObjects objects = BUCKETS.get(bucket(request));
    Answer proper = objects.answer(request);
    if (BareObjects.key(request).isEmpty() || objects.object(request) == null) {
      return proper;
    }
    for (Way way : Way.values()) {
      if (way.bucket().equals(bucket(request))) {
        return way.answer(request, proper);
      }
    }
    return proper;
  }

  private static Stored object(Request request) {
    return BUCKETS.get(bucket(request)).object(request);
  }

  private static String otherTag(Request request) {
    return object(request).tag().replaceFirst(".\"$", "-2\"");
  }

  private static String bucket(Request request) {
    return request.path().split("/", -1)[1];
  }

  private static String directory(String root, String path) {
    return page("{'type': 'directory', 'path': '" + path + "', 'recursive': true}", root);
  }

  private static String files(String root, String... paths) {
    return page(
        Stream.of(paths)
            .map(path -> "{'type': 'file', 'path': '" + path + "'}")
            .collect(Collectors.joining(", ")),
        root);
  }

  private static String page(String targets, String root) {
    Reply created = server.create("{'root': '%s', 'targets': [%s]}".formatted(root, targets));
    return LadingServer.page(created, "download");
  }

  private static Map<String, String> contents(Reply archive) throws IOException {
    assertThat(archive.status()).as(archive.toString()).isEqualTo(200);
    Path file = Files.write(directory.resolve("archive.zip"), archive.bytes());
    Map<String, String> contents = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        byte[] content = zip.getInputStream(entry).readAllBytes();
        contents.put(entry.getName(), new String(content, StandardCharsets.US_ASCII));
      }
    }
    return contents;
  }

  private static String numbers(int length) {
    StringBuilder text = new StringBuilder(length + 8);
    for (int i = 0; text.length() < length; i++) {
      text.append(i).append(' ');
    }
    return text.substring(0, length);
  }
}
