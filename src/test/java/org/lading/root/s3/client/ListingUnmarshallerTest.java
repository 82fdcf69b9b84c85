package org.lading.root.s3.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lading.testing.ListingXml;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Each answer is read by the SDK alone, and by Lading in its place: both must say the same. */
class ListingUnmarshallerTest {
  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  /** What a listing has of which Lading has a use. */
  private record Outcome(
      List<?> contents, List<?> prefixes, Boolean truncated, String token, String failure) {}

  private volatile Answer answer = Answer.ok("");
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private ScriptedS3 store;
  private S3Client plain;
  private S3Client own;

  @BeforeEach
  void start() throws IOException {
    store = new ScriptedS3(request -> Objects.requireNonNullElse(answers.poll(), answer));
    plain = builder().build();
    own =
        builder()
            .overrideConfiguration(
                o ->
                    o.retryStrategy(RetryMode.STANDARD)
                        .addExecutionInterceptor(new ListingInterceptor()))
            .build();
  }

  private S3ClientBuilder builder() {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(store.endpoint())
        .forcePathStyle(true)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD));
  }

  @AfterEach
  void stop() {
    plain.close();
    own.close();
    store.close();
  }

  static Stream<Arguments> listings() {
    return Stream.of(
        Arguments.of("nothing in it", "<ListBucketResult/>"),
        Arguments.of(
            "an object of every field",
            listing(
                "<IsTruncated>false</IsTruncated><Contents><Key>a</Key>"
                    + "<LastModified>2026-02-03T04:05:06.789Z</LastModified>"
                    + "<ETag>&quot;abc&quot;</ETag><Size>9223372036854775807</Size>"
                    + "<StorageClass>GLACIER</StorageClass>"
                    + "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                    + "<ChecksumAlgorithm>SHA256</ChecksumAlgorithm>"
                    + "<ChecksumType>FULL_OBJECT</ChecksumType>"
                    + "<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress>"
                    + "<RestoreExpiryDate>2026-12-31T00:00:00Z</RestoreExpiryDate></RestoreStatus>"
                    + "</Contents>")),
        Arguments.of(
            "words of a later version",
            listing(
                "<IsTruncated>false</IsTruncated>"
                    + object(
                        "a",
                        "<StorageClass>NEW"
                            + "</StorageClass><ChecksumType>NEW</ChecksumType>"
                            + "<ChecksumAlgorithm>NEW</ChecksumAlgorithm>"))),
        Arguments.of(
            "the encoding named last, as by MinIO",
            listing(object("a%2Bb+c%C3%A4", "") + "<EncodingType>url</EncodingType>")),
        Arguments.of("keys that only look encoded", listing(object("a%2Bb+c", ""))),
        Arguments.of(
            "a namespace with a prefix, indented",
            "<s:ListBucketResult xmlns:s=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n  "
                + "<s:IsTruncated>true</s:IsTruncated>\n  <s:Contents>\n <s:Key>a</s:Key>\n"
                + "</s:Contents></s:ListBucketResult>"),
        Arguments.of("an object without anything", listing("<Contents/>")),
        Arguments.of("a prefix without anything", listing("<CommonPrefixes/>")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("listings")
  void listing_ofAnyForm_isReadAsTheSdkReadsIt(String name, String body) {
    assertSame(Answer.ok(HEAD + body));
    assertThat(ListingUnmarshaller.unmarshal((HEAD + body).getBytes(StandardCharsets.UTF_8)))
        .isNotNull();
  }

  static Stream<Arguments> otherBodies() {
    return Stream.of(
        Arguments.of("nothing", ""),
        Arguments.of("no XML", "Welcome"),
        Arguments.of("HTML", "<html><body><br></body></html>"),
        Arguments.of("another element", "<ListAllMyBucketsResult/>"),
        Arguments.of("an error", "<Error><Code>SlowDown</Code><Message>m</Message></Error>"),
        Arguments.of("a listing that is cut", "<ListBucketResult><Contents><Key>a</Key>"),
        Arguments.of(
            "a listing that ends, and does not",
            listing("<IsTruncated>true</IsTruncated><IsTruncated>false</IsTruncated>")),
        Arguments.of(
            "a time with an offset",
            listing("<Contents><LastModified>2026-02-03T04:05:06+01:00</LastModified></Contents>")),
        Arguments.of(
            "an entity of its own",
            "<!DOCTYPE l [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>"
                + listing("<Contents><Key>&e;</Key></Contents>")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherBodies")
  void body_thatIsNoListing_isLeftToTheSdk(String name, String body) {
    assertSame(Answer.ok(body));
  }

  @Test
  void body_ofAnError_isLeftToTheSdk() {
    assertSame(Answer.error(404, "NoSuchBucket"));
  }

  @Test
  void body_largerThanAnyListing_isRefused() {
    for (String body :
        List.of("x".repeat(11 << 20), listing(object("a", "") + " ".repeat(11 << 20)))) {
      answer = Answer.ok(body);
      assertThatThrownBy(() -> list(own)).hasMessageContaining("bytes and more");
    }
  }

  @Test
  void body_thatBreaksOff_isAskedForAgain() throws IOException {
    Answer whole = Answer.ok(new ListingXml().object("a", 1).toString());
    Answer cut = whole.endingAfter(80, ScriptedS3.Ending.CUT);
    answers.addAll(List.of(cut, cut, whole));
    assertThat(list(own).contents()).extracting(S3Object::key).containsExactly("a");
    answers.addAll(List.of(cut, cut, cut));
    assertThatThrownBy(() -> list(own)).isInstanceOf(SdkException.class);
    assertThat(answers).isEmpty();
  }

  @Test
  void key_thatIsNotEncodedAsSaid_isAnErrorOfTheCall() {
    answer = Answer.ok(listing("<EncodingType>url</EncodingType>" + object("50%", "")));
    assertThatThrownBy(() -> list(own))
        .isInstanceOf(SdkException.class)
        .hasMessageContaining("encoded");
  }

  /** Of which the SDK keeps the last piece only. */
  @Test
  void key_inSeveralPieces_isReadWhole() {
    answer = Answer.ok(listing(object("a<![CDATA[<b>]]>&amp;&#228;<!-- c -->&#x1F600;d", "")));
    assertThat(list(own).contents()).extracting(S3Object::key).containsExactly("a<b>&ä😀d");
  }

  @Test
  void listing_ofKeysOfAnyKind_isReadAsTheSdkReadsIt() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      ListingXml listing = new ListingXml();
      for (int i = 0; i < random.nextInt(40); i++) {
        listing.object(key(random), random.nextLong() >>> 1);
      }
      if (random.nextBoolean()) {
        listing.prefix("a%20b/").next("t&amp;" + seed);
      }
      assertSame(Answer.ok(listing.toString()));
    }
  }

  private static String key(Random random) {
    String[] parts = {"a", "/", " ", "+", "%", "&", "<", "\"", "ä", "\u2028", "\n", "\u0001", "😀"};
    return IntStream.range(0, 1 + random.nextInt(8))
        .mapToObj(i -> parts[random.nextInt(parts.length)])
        .collect(Collectors.joining());
  }

  private void assertSame(Answer given) {
    answer = given;
    assertThat(outcome(own)).isEqualTo(outcome(plain));
  }

  private static Outcome outcome(S3Client client) {
    try {
      ListObjectsV2Response listing = list(client);
      return new Outcome(
          listing.contents(),
          listing.commonPrefixes(),
          Boolean.TRUE.equals(listing.isTruncated()),
          listing.nextContinuationToken(),
          null);
    } catch (SdkException e) {
      return new Outcome(null, null, null, null, e.getClass() + " " + e.getMessage());
    }
  }

  private static ListObjectsV2Response list(S3Client client) {
    return client.listObjectsV2(request -> request.bucket("b"));
  }

  private static String listing(String inside) {
    return "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + "<Name>b</Name><KeyCount>1</KeyCount>"
        + inside
        + "</ListBucketResult>";
  }

  private static String object(String key, String more) {
    return "<Contents><Key>" + key + "</Key><Later><Deep>1</Deep></Later>" + more + "</Contents>";
  }
}
