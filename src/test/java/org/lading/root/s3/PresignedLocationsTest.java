package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lading.base.ByteBuilder;
import org.lading.error.LadingException;
import org.lading.root.LocationEncoding;
import org.lading.root.s3.client.StoreClock;
import org.lading.root.s3.signing.BucketSignature;
import org.lading.root.s3.signing.PresignedLocations;
import org.lading.testing.HostileNames;
import org.lading.testing.SigV4;

/** Each location must carry the signature of exactly the request that nginx makes of it. */
class PresignedLocationsTest {

  @Test
  void awsPublishedExample_hasThePublishedSignature() {
    String query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host";
    assertThat(
            SigV4.expected(
                TestSettings.SECRET, "examplebucket.s3.amazonaws.com", "/test.txt", query))
        .isEqualTo("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  }

  @ParameterizedTest
  @MethodSource("hostileKeys")
  void location_ofHostileKey_isSignedAsSent(String key) {
    S3RootSettings.Builder settings = TestSettings.at(null).region("eu-west-1");
    assertSigned(settings, key, "bucket1.s3.eu-west-1.amazonaws.com", "");
  }

  static Stream<String> hostileKeys() {
    return Stream.concat(
        HostileNames.all().stream(),
        Stream.of("/a", "//a", "a//b", "a/./b", "./a", "a/.", ".", "a/", "a//", "a/%2e%2e/b", "?"));
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1, bucket1, bucket1.s3.us-east-1.amazonaws.com",
    "cn-north-1, bucket1, bucket1.s3.cn-north-1.amazonaws.com.cn",
    "us-gov-west-1, bucket1, bucket1.s3.us-gov-west-1.amazonaws.com",
    "zz-new-9, bucket1, bucket1.s3.zz-new-9.amazonaws.com",
    "eu-west-1, my.dotted.bucket, my.dotted.bucket.s3.eu-west-1.amazonaws.com"
  })
  void location_atAws_isSignedForTheBucketsHost(String region, String bucket, String host) {
    assertSigned(TestSettings.at(null).region(region).bucket(bucket), "a b+c", host, "");
  }

  @ParameterizedTest
  @CsvSource({
    "http://s3.example.org,            bucket1, s3.example.org,      /bucket1",
    "https://s3.example.org/,          my.dots, s3.example.org,      /my.dots",
    "https://s3.example.org:9000,      bucket1, s3.example.org:9000, /bucket1",
    "http://127.0.0.1:9000,            bucket1, 127.0.0.1:9000,      /bucket1",
    "https://gate.example.org/storage, bucket1, gate.example.org,    /storage/bucket1",
    "https://gate.example.org/sto/re/, bucket1, gate.example.org,    /sto/re/bucket1"
  })
  void location_inPathStyle_isSignedForTheEndpoint(
      URI endpoint, String bucket, String host, String base) {
    S3RootSettings.Builder settings = TestSettings.at(endpoint).region("us-east-1").bucket(bucket);
    assertSigned(settings, "a b+c//d", host, base);
    assertSigned(settings, "//a/", host, base);
  }

  @ParameterizedTest
  @CsvSource({
    "http://s3.example.org,            bucket1, bucket1.s3.example.org,      ''",
    "https://s3.example.org:9000,      bucket1, bucket1.s3.example.org:9000, ''",
    "https://s3.example.org:9000,      my.dots, my.dots.s3.example.org:9000, ''",
    "https://s3.example.org:443,       my.dots, my.dots.s3.example.org,      ''",
    "https://gate.example.org/storage, bucket1, bucket1.gate.example.org,    /storage"
  })
  void location_inHostStyle_isSignedForTheBucketsHostAtTheEndpoint(
      URI endpoint, String bucket, String host, String base) {
    S3RootSettings.Builder settings =
        TestSettings.at(endpoint).pathStyle(false).region("us-east-1").bucket(bucket);
    assertSigned(settings, "a b+c", host, base);
  }

  @Test
  void location_inHostStyleWhereThatCannotBe_isRefused() {
    S3RootSettings.Builder settings =
        TestSettings.at(URI.create("http://127.0.0.1:9000")).pathStyle(false).region("us-east-1");
    assertThatThrownBy(() -> location(settings, "a", LocationEncoding.PLAIN))
        .isInstanceOf(LadingException.class)
        .hasMessageContaining("only in path style");
  }

  @Test
  void location_withSessionToken_carriesIt() {
    S3RootSettings.Builder settings =
        TestSettings.at(null)
            .region("eu-west-1")
            .credentials(
                new S3RootSettings.Credentials(
                    TestSettings.KEY_ID, TestSettings.SECRET, "to/ken+=="));
    String query = assertSigned(settings, "a", "bucket1.s3.eu-west-1.amazonaws.com", "");
    assertThat(SigV4.value(query, "X-Amz-Security-Token")).isEqualTo("to%2Fken%2B%3D%3D");
  }

  @Test
  void location_withRequesterPays_signsIt() {
    S3RootSettings.Builder settings = TestSettings.at(null).region("eu-west-1").requesterPays(true);
    String query = assertSigned(settings, "a", "bucket1.s3.eu-west-1.amazonaws.com", "");
    assertThat(SigV4.value(query, "x-amz-request-payer")).isEqualTo("requester");
  }

  @Test
  void location_exact_isEncodedTwiceButForItsQuery() {
    S3RootSettings.Builder settings = TestSettings.at(null).region("eu-west-1");
    String location = location(settings, "a b/%é", LocationEncoding.EXACT);
    assertThat(location).startsWith("/bucket1/a%2520b/%2525%25C3%25A9?X-Amz-");
    assertThat(SigV4.value(location.substring(location.indexOf('?') + 1), "X-Amz-Credential"))
        .startsWith(TestSettings.KEY_ID + "%2F");
  }

  /** Returns the query. */
  private static String assertSigned(
      S3RootSettings.Builder settings, String key, String host, String base) {
    String location = location(settings, key, LocationEncoding.PLAIN);
    String bucket = "/" + settings.build().bucket();
    assertThat(location).startsWith(bucket + "/").matches("[A-Za-z0-9._~/%-]+\\?[^? \\p{Cntrl}]+");
    int question = location.indexOf('?');
    String query = location.substring(question + 1);
    String path = base + location.substring(bucket.length(), question);
    assertThat(SigV4.value(query, "X-Amz-SignedHeaders")).isEqualTo("host");
    assertThat(SigV4.value(query, "X-Amz-Expires")).isEqualTo("43200");
    assertThat(SigV4.value(query, "X-Amz-Signature"))
        .isEqualTo(SigV4.expected(TestSettings.SECRET, host, path, query));
    assertThat(location).doesNotContain(TestSettings.SECRET).doesNotContain("checksum");
    return query;
  }

  private static String location(
      S3RootSettings.Builder settings, String key, LocationEncoding encoding) {
    S3RootSettings built = settings.build();
    S3RootSettings.Credentials credentials = Objects.requireNonNull(built.credentials());
    String region = Objects.requireNonNull(built.region());
    ByteBuilder line = new ByteBuilder(16);
    new PresignedLocations(
            built.signedBucket(),
            BucketSignature.of(built.signedBucket(), S3Clients.endpoint(built, region), region),
            S3Clients.asSdk(credentials),
            encoding,
            PresignedLocations.Condition.TAG,
            new StoreClock("root1").signingTime())
        .append(key, line);
    return line.toString();
  }
}
