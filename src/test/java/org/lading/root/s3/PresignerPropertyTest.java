package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lading.base.ByteBuilder;
import org.lading.base.PrintableText;
import org.lading.root.LocationEncoding;
import org.lading.root.s3.signing.BucketSignature;
import org.lading.root.s3.signing.PresignedLocations;
import org.lading.testing.SettableClock;
import org.lading.testing.SigV4;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The URLs are the SDK's, byte for byte, whatever goes into them. A presigner of the SDK takes long
 * to make, so this asks {@value #ROOTS_BY_DAY} of them, and {@value #ROOTS_BY_NIGHT} with {@code
 * -Dnightly}.
 */
class PresignerPropertyTest {
  private static final long SEED = 20130524;
  private static final int ROOTS_BY_DAY = 50;
  private static final int ROOTS_BY_NIGHT = 500;
  private static final int KEYS = 20;
  private static final int LONGEST_KEY = 1024;
  private static final long LONGEST_EXPIRY = Duration.ofDays(7).toSeconds();
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX");

  private static final String TEXT =
      "abcXYZ0189-._~ !\"#$%&'()*+,/:;<=>?@[\\]^`{|}\u0000\t\n\r\u007f\u0080é߿ࠀ漢\uffff";
  private static final List<String> PIECES =
      List.of(
          "/",
          "//",
          "..",
          ".",
          "/../",
          "/./",
          "%",
          "%2F",
          "%25",
          "+",
          " ",
          "🚢",
          "\ud83d",
          "\udea2",
          "e\u0301",
          "\udbff\udfff");
  private static final List<String> REGIONS =
      List.of(
          "us-east-1",
          "eu-west-1",
          "cn-north-1",
          "us-gov-west-1",
          "zz-new-9",
          "aws-global",
          "Eu-West-1");
  private static final List<String> ENDPOINTS =
      List.of(
          "https://s3.us-east-1.amazonaws.com",
          "https://s3.amazonaws.com",
          "https://s3.cn-north-1.amazonaws.com.cn",
          "http://s3.example.org:80",
          "https://s3.example.org:443/",
          "http://s3.example.org:443",
          "HTTPS://S3.Example.Org:9000",
          "https://gate.example.org/storage",
          "https://gate.example.org:8443/sto/re/",
          "https://gate.example.org/b+a~*c//d%20e");
  private static final List<String> ADDRESSES =
      List.of("http://127.0.0.1:9000", "http://localhost:9000/base", "https://[::1]:9000");
  private static final List<String> BUCKETS =
      List.of("bucket1", "a-b", "abc-s3alias", "bucket--use1-az4--x-s3");
  private static final List<String> PATH_STYLE_BUCKETS =
      List.of("bucket1", "my.dotted.bucket", "Bucket_1");

  private final Random random = new Random(SEED);

  @Test
  void url_ofRandomKeyAndSettings_isTheSdks() {
    int roots = System.getProperty("nightly") == null ? ROOTS_BY_DAY : ROOTS_BY_NIGHT;
    for (int i = 0; i < roots; i++) {
      S3RootSettings settings = settings();
      AwsCredentials credentials = credentials();
      URI endpoint = settings.endpoint();
      String region = settings.region();
      BucketSignature target = BucketSignature.of(settings.signedBucket(), endpoint, region);
      try (S3Presigner sdk = sdk(settings)) {
        for (int j = 0; j < KEYS; j++) {
          String key = key();
          SdkHttpRequest signed = signed(sdk, settings, credentials, key);
          // The SDK cannot be told the time, so it tells it.
          Clock clock = new SettableClock(time(signed));
          String location =
              location(
                  new PresignedLocations(
                      settings.signedBucket(),
                      target,
                      credentials,
                      LocationEncoding.PLAIN,
                      PresignedLocations.Condition.TAG,
                      clock),
                  key);
          assertThat(url(settings, target, location))
              .as(
                  "seed %d, root %d, key %d: %s, key <%s>",
                  SEED, i, j, settings, PrintableText.of(key))
              .isEqualTo(signed.getUri().toString());
          assertExact(
              location(
                  new PresignedLocations(
                      settings.signedBucket(),
                      target,
                      credentials,
                      LocationEncoding.EXACT,
                      PresignedLocations.Condition.TAG,
                      clock),
                  key),
              location);
        }
      }
    }
  }

  @Test
  void awsPublishedExample_hasThePublishedSignature() {
    String location =
        location(example(new SettableClock(Instant.parse("2013-05-24T00:00:00Z"))), "test.txt");

    assertThat(location)
        .startsWith("/examplebucket/test.txt?")
        .contains("X-Amz-Date=20130524T000000Z&", "X-Amz-Expires=86400&")
        .endsWith(
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  }

  @Test
  void locations_beyondMidnight_haveTheTimeAndTheKeyOfTheirOwnDay() {
    SettableClock clock = new SettableClock(Instant.parse("2026-12-31T23:59:59.999Z"));
    PresignedLocations locations = example(clock);

    assertThat(assertSigned(location(locations, "a"))).isEqualTo("20261231T235959Z");
    clock.set(Instant.parse("2027-01-01T00:00:00Z"));
    assertThat(assertSigned(location(locations, "a"))).isEqualTo("20270101T000000Z");
    clock.set(Instant.parse("2027-01-01T00:00:01Z"));
    assertThat(assertSigned(location(locations, "b"))).isEqualTo("20270101T000001Z");
    clock.set(Instant.parse("2026-12-31T23:59:59Z"));
    assertThat(assertSigned(location(locations, "a"))).isEqualTo("20261231T235959Z");
  }

  /** Returns the time. */
  private static String assertSigned(String location) {
    int question = location.indexOf('?');
    String query = location.substring(question + 1);
    String path = location.substring("/examplebucket".length(), question);
    String time = SigV4.value(query, "X-Amz-Date");
    assertThat(SigV4.value(query, "X-Amz-Credential")).contains("%2F" + time.substring(0, 8));
    assertThat(SigV4.value(query, "X-Amz-Signature"))
        .isEqualTo(
            SigV4.expected(TestSettings.SECRET, "examplebucket.s3.amazonaws.com", path, query));
    return time;
  }

  private static void assertExact(String exact, String plain) {
    int question = plain.indexOf('?');
    assertThat(exact)
        .isEqualTo(plain.substring(0, question).replace("%", "%25") + plain.substring(question));
  }

  private S3RootSettings settings() {
    boolean pathStyle = random.nextBoolean();
    String endpoint = pathStyle && random.nextInt(3) == 0 ? any(ADDRESSES) : any(ENDPOINTS);
    return S3RootSettings.builder("root1", any(pathStyle ? PATH_STYLE_BUCKETS : BUCKETS))
        .region(any(REGIONS))
        .endpoint(URI.create(endpoint))
        .pathStyle(pathStyle)
        .urlExpiry(Duration.ofSeconds(expiry()))
        .requesterPays(random.nextBoolean())
        .build();
  }

  private long expiry() {
    return switch (random.nextInt(4)) {
      case 0 -> 1;
      case 1 -> LONGEST_EXPIRY;
      default -> 1 + (long) (random.nextDouble() * LONGEST_EXPIRY);
    };
  }

  private AwsCredentials credentials() {
    String id = "AKIA" + text(random.nextInt(20));
    String secret = "s" + text(random.nextInt(60));
    return switch (random.nextInt(4)) {
      case 0 -> AwsSessionCredentials.create(id, secret, text(1 + random.nextInt(2000)));
      case 1 -> AwsSessionCredentials.create(id, secret, " FwoGZXIvYXdz+a/b+c==\n");
      case 2 -> AwsBasicCredentials.create(" " + id + "\t", secret + " ");
      default -> AwsBasicCredentials.create(TestSettings.KEY_ID, TestSettings.SECRET);
    };
  }

  private String key() {
    int most = random.nextInt(8) == 0 ? LONGEST_KEY / 4 : 1 + random.nextInt(60);
    StringBuilder key = new StringBuilder();
    while (key.codePoints().count() < most) {
      key.append(random.nextInt(4) == 0 ? any(PIECES) : text(1 + random.nextInt(8)));
    }
    return key.toString();
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c =
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(0x80);
            case 1 -> random.nextInt(0x800);
            case 2 -> random.nextInt(0x110000);
            default -> TEXT.charAt(random.nextInt(TEXT.length()));
          };
      text.appendCodePoint(c);
    }
    return text.toString();
  }

  private String any(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** In path style at an endpoint that ends in a slash the SDK loses a slash before the key. */
  private static S3Presigner sdk(S3RootSettings settings) {
    String endpoint = settings.endpoint().toString().replaceFirst("/$", "");
    return S3Presigner.builder()
        .region(Region.of(settings.region()))
        .endpointOverride(URI.create(endpoint))
        .credentialsProvider(
            () -> {
              throw new IllegalStateException("every request names its credentials");
            })
        .serviceConfiguration(
            S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build())
        .build();
  }

  private static SdkHttpRequest signed(
      S3Presigner sdk, S3RootSettings settings, AwsCredentials credentials, String key) {
    GetObjectRequest.Builder get =
        GetObjectRequest.builder()
            .bucket(settings.bucket())
            .key(key)
            .overrideConfiguration(
                o -> {
                  o.credentialsProvider(StaticCredentialsProvider.create(credentials));
                  if (settings.requesterPays()) {
                    o.putRawQueryParameter("x-amz-request-payer", "requester");
                  }
                });
    return sdk.presignGetObject(
            p -> p.signatureDuration(settings.urlExpiry()).getObjectRequest(get.build()))
        .httpRequest();
  }

  private static Instant time(SdkHttpRequest signed) {
    String date = signed.firstMatchingRawQueryParameter("X-Amz-Date").orElseThrow();
    return Instant.from(AMZ_DATE.withZone(ZoneOffset.UTC).parse(date));
  }

  /** What nginx makes of the location. */
  private static String url(S3RootSettings settings, BucketSignature target, String location) {
    String bucket = "/" + settings.bucket() + "/";
    assertThat(location).startsWith(bucket);
    return settings.endpoint().getScheme().toLowerCase(Locale.ROOT)
        + "://"
        + target.host()
        + target.path()
        + location.substring(bucket.length());
  }

  private static String location(PresignedLocations locations, String key) {
    ByteBuilder line = new ByteBuilder(0);
    locations.append(key, line);
    return line.toString();
  }

  private static PresignedLocations example(Clock clock) {
    S3RootSettings settings =
        S3RootSettings.builder("root1", "examplebucket")
            .region("us-east-1")
            .endpoint(URI.create("https://s3.amazonaws.com"))
            .urlExpiry(Duration.ofDays(1))
            .build();
    return new PresignedLocations(
        settings.signedBucket(),
        BucketSignature.of(settings.signedBucket(), settings.endpoint(), "us-east-1"),
        AwsBasicCredentials.create(TestSettings.KEY_ID, TestSettings.SECRET),
        LocationEncoding.PLAIN,
        PresignedLocations.Condition.TAG,
        clock);
  }
}
