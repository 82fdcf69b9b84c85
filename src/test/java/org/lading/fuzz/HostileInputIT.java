package org.lading.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationLoader;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawFiles;
import org.lading.testing.ScriptedS3;
import org.lading.testing.Traces;

/**
 * Input that is nearly right, at every door: create bodies, addresses, ranges, listings of a store,
 * settings. It runs for 30 seconds; {@code mvn verify -Dnightly} gives it 10 minutes, {@code
 * -Dfuzz.seconds=N} any other time. A failure names the seed, which {@code -Dfuzz.seed=N} repeats.
 */
class HostileInputIT {
  private static final int DOORS = 5;
  private static final int SECONDS_BY_DAY = 30;
  private static final int SECONDS_BY_NIGHT = 600;
  private static final int MAX_REFUSAL_BYTES = 4096;
  private static final int MAX_ADDRESS_LENGTH = 2000;
  private static final int MAX_HEADER_LENGTH = 1000;
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
  private static final Duration MAX_SETTINGS_TIME = Duration.ofSeconds(5);

  private static final List<String> BODIES =
      List.of(
          """
          {"root": "main", "zip_name": "report", "timeout": 5, "targets": [
            {"type": "file", "path": "a.txt", "name": "b.txt", "zip_path": "x/y"},
            {"type": "directory", "path": "d", "recursive": true, "zip_path": ""},
            {"type": "literal", "name": "README", "content": "text\\n"}]}
          """,
          """
          {"root": "s3", "targets": [{"type": "directory", "path": "", "root": "main"},
            {"type": "file", "path": "d/e/b.bin", "root": "main"}]}
          """,
          "{\"root\":\"main\",\"targets\":[{\"type\":\"file\",\"path\":\"a.txt\"}]}",
          "{'a': [1, 2.5e10, null, true, \"\\ud83d\\udea2\"], \"b\": {\"c\": {}}}");

  private static final List<String> HEADERS =
      List.of(
          "Prefer", "respond-async, wait=10",
          "Accept", "application/json;q=0.5, text/html",
          "Authorization", "Bearer 0123456789abcdef",
          "If-None-Match", "\"a\", W/\"b\", *",
          "If-Modified-Since", "Tue, 03 Feb 2026 04:05:06 GMT",
          "If-Range", "\"a\"",
          "Range", "bytes=0-1,5-,-3",
          "X-Forwarded-For", "192.0.2.1, 198.51.100.7");

  private static final List<String> LISTINGS =
      List.of(
          """
          <?xml version="1.0" encoding="UTF-8"?>
          <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
          <Name>content</Name><Prefix></Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>\
          <EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>\
          <Contents><Key>a.txt</Key><LastModified>2026-02-03T04:05:06.000Z</LastModified>\
          <ETag>&quot;abc&quot;</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>\
          <Contents><Key>d%2Fb</Key><LastModified>2026-02-03T04:05:06.000Z</LastModified>\
          <ETag>"abd"</ETag><Size>7</Size><StorageClass>STANDARD_IA</StorageClass></Contents>\
          </ListBucketResult>\
          """,
          """
          <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>\
          <Contents><Key>z</Key><Size>0</Size><LastModified>2026-02-03T04:05:06Z</LastModified>\
          <StorageClass>GLACIER</StorageClass></Contents>\
          <CommonPrefixes><Prefix>y/</Prefix></CommonPrefixes></ListBucketResult>\
          """,
          "<Error><Code>SlowDown</Code><Message>no</Message></Error>",
          "<html><body>Log in</body></html>");

  @TempDir static Path directory;
  static LadingServer server;
  static ScriptedS3 store;
  static volatile byte[] listing = wellFormedListing();

  private final Random random = new Random(SEED);
  private final Mutator mutator = new Mutator(random);

  @BeforeAll
  static void start() throws IOException {
    RawFiles.writeAll(
        directory.resolve("root"),
        Map.of("a.txt", new byte[10], "d/c", new byte[3], "d/e/b.bin", new byte[70_000]));
    store =
        new ScriptedS3(
            request ->
                request.isListing()
                    ? ScriptedS3.Answer.ok(new String(listing, StandardCharsets.ISO_8859_1))
                    : ScriptedS3.Answer.object(Map.of()));
    server =
        LadingServer.start(
            directory,
            """
            limits: {targets: 2000, entries: 5000}
            roots:
              - {name: main, path: root, serve: direct}
              - {name: s3, bucket: content, region: us-east-1, endpoint: '%s',
                 force_path_style: true, aws_access_key_id: id, aws_secret_access_key: secret}
            """
                .formatted(store.endpoint()));
  }

  @AfterEach
  void makeTheStoreHealthy() {
    listing = wellFormedListing();
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  /** Something that is done with nearly right input, again and again. */
  private interface Attempt {
    void make() throws IOException;
  }

  private static void repeat(String door, Attempt attempt) {
    int all =
        Integer.getInteger(
            "fuzz.seconds",
            System.getProperty("nightly") == null ? SECONDS_BY_DAY : SECONDS_BY_NIGHT);
    long end = System.nanoTime() + Duration.ofSeconds(all).toNanos() / DOORS;
    int attempts = 0;
    while (System.nanoTime() < end) {
      try {
        attempt.make();
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(door + ", seed " + SEED + ", attempt " + attempts, e);
      }
      attempts++;
    }
    System.out.println(attempts + " " + door);
    assertThat(attempts).isPositive();
  }

  private static byte[] wellFormedListing() {
    return LISTINGS.get(0).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] mutated(List<String> inputs) {
    List<byte[]> bytes =
        inputs.stream().map(input -> input.getBytes(StandardCharsets.UTF_8)).toList();
    return mutator.mutate(bytes.get(random.nextInt(bytes.size())), bytes);
  }

  private String[] headers() {
    List<String> headers = new ArrayList<>(List.of("Prefer", "wait=0"));
    for (int i = random.nextInt(3); i > 0; i--) {
      int at = 2 * random.nextInt(HEADERS.size() / 2);
      headers.add(HEADERS.get(at));
      headers.add(headerValue(mutator.mutate(HEADERS.get(at + 1), HEADERS)));
    }
    return headers.toArray(String[]::new);
  }

  /** Leaves out what would end the header, and what containers refuse before anybody reads it. */
  private static String headerValue(String value) {
    String sendable = value.replaceAll("[\\x00-\\x1f\\x7f]", "");
    return sendable.substring(0, Math.min(sendable.length(), MAX_HEADER_LENGTH));
  }

  private static void assertAnswered(Reply reply, Object request) {
    assertThat(reply.status()).as(request + " -> " + reply).isBetween(200, 499);
    // What the container refuses by itself, such as a request line that is none, is not ours.
    boolean isOurs = String.valueOf(reply.header("Content-Type")).startsWith("application/json");
    if (reply.status() >= 400 && isOurs) {
      assertThat(reply.bytes().length).as(reply.text()).isLessThanOrEqualTo(MAX_REFUSAL_BYTES);
    }
  }

  @Test
  void createBodies_areTakenOrRefused_andWhatIsTakenIsAnArchive() throws IOException {
    int[] taken = {0};
    repeat(
        "create bodies",
        () -> {
          byte[] body = mutated(BODIES.subList(0, random.nextInt(1, BODIES.size() + 1)));
          String[] headers = headers();
          if (random.nextInt(8) == 0) {
            headers[1] = "wait=20";
          }
          Reply reply = server.create(body, headers);
          String shown = new String(body, StandardCharsets.UTF_8) + Arrays.toString(headers);
          assertAnswered(reply, shown);
          if (reply.status() == 201) {
            taken[0]++;
            assertArchive(reply);
          }
        });
    if (taken[0] == 0) {
      // A slow machine had no time for a request that none of the mutations spoiled.
      assertArchive(server.create(BODIES.get(0), "Prefer", "wait=20"));
    }
  }

  private static void assertArchive(Reply created) throws IOException {
    Reply archive = server.get(LadingServer.page(created, "download"));
    if (archive.status() == 200) {
      assertThat(archive.bytes()).hasSize(created.json().get("zip_size").asInt());
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.bytes()))) {
        int entries = 0;
        while (zip.getNextEntry() != null) {
          entries++;
        }
        assertThat(entries).isEqualTo(created.json().get("file_count").asInt());
      }
    }
  }

  @Test
  void addresses_areAnswered() {
    Reply created = server.create(BODIES.get(2));
    List<String> pages = new ArrayList<>(List.of("/", "/status", "/metrics", "/create", "/main"));
    for (String page : List.of("get", "download", "manifest", "status", "")) {
      pages.add(LadingServer.page(created, page));
    }
    // The status page says 503 as long as it remembers a listing that another test broke.
    Traces.awaited(() -> server.get("/status").status(), status -> status == 200);
    repeat(
        "addresses",
        () -> {
          String page = mutator.mutate(pages.get(random.nextInt(pages.size())), pages);
          // A client cannot send these in a request line.
          String sendable = page.replaceAll("[\\x00-\\x20\\x7f-\\xff]", "_");
          sendable = sendable.substring(0, Math.min(sendable.length(), MAX_ADDRESS_LENGTH));
          String method = random.nextInt(4) == 0 ? "HEAD" : "GET";
          assertAnswered(server.call(method, "/" + sendable, null, headers()), sendable);
        });
  }

  @Test
  void ranges_areSlicesOfTheArchive_orRefused() {
    Reply created = server.create(BODIES.get(0));
    String page = LadingServer.page(created, "download");
    byte[] whole = server.get(page).bytes();
    List<String> ranges =
        List.of(
            "bytes=0-99", "bytes=100-", "bytes=-7", "bytes=0-0,5-9,-1", "bytes=70000-70100,3-4");
    repeat(
        "ranges",
        () -> {
          String range =
              headerValue(mutator.mutate(ranges.get(random.nextInt(ranges.size())), ranges));
          Reply reply = server.get(page, "Range", range);
          assertAnswered(reply, range);
          String slice = reply.header("Content-Range");
          if (reply.status() == 206 && slice != null) {
            String[] numbers = slice.split("[ /-]", -1);
            int from = Integer.parseInt(numbers[1]);
            int to = Integer.parseInt(numbers[2]) + 1;
            assertThat(reply.bytes()).as(range).isEqualTo(Arrays.copyOfRange(whole, from, to));
          } else if (reply.status() == 200) {
            assertThat(reply.bytes()).as(range).isEqualTo(whole);
          }
        });
  }

  @Test
  void listings_areReadOrRefused() {
    byte[] body =
        "{\"root\": \"s3\", \"targets\": [{\"type\": \"directory\", \"path\": \"\", \"recursive\": true}]}"
            .getBytes(StandardCharsets.UTF_8);
    int[] taken = {0};
    repeat(
        "listings",
        () -> {
          List<String> some = LISTINGS.subList(0, random.nextInt(1, LISTINGS.size() + 1));
          listing = random.nextInt(10) == 0 ? wellFormedListing() : mutated(some);
          Reply reply = server.create(body, "Prefer", "wait=20");
          taken[0] += reply.status() == 201 ? 1 : 0;
          assertThat(reply.status())
              .as(new String(listing, StandardCharsets.UTF_8) + " -> " + reply)
              .isIn(201, 202, 400, 409, 413, 502, 503);
        });
    assertThat(taken[0]).isPositive();
  }

  @Test
  void settings_areReadOrRefused() throws IOException {
    List<String> settings = new ArrayList<>();
    for (String example : List.of("local.yml", "minio.yml", "production.yml")) {
      settings.add(Files.readString(Path.of("conf-examples", example)));
    }
    Path file = directory.resolve("fuzzed.yml");
    repeat(
        "settings",
        () -> {
          byte[] content = mutated(settings);
          Files.write(file, content);
          long begin = System.nanoTime();
          try {
            ConfigurationLoader.load(file, Map.of("HOME", "/home"));
          } catch (ConfigurationException e) {
            assertThat(e.faults()).isNotEmpty();
          } catch (RuntimeException e) {
            throw new AssertionError(new String(content, StandardCharsets.ISO_8859_1), e);
          }
          assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(MAX_SETTINGS_TIME);
        });
  }
}
