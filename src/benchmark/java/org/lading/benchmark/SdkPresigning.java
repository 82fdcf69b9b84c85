package org.lading.benchmark;

import java.net.URI;
import java.time.Duration;
import org.lading.testing.LargeBucketServer;
import org.lading.testing.LargeKeys;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The SDK's presigner at work on keys of a large bucket, beside which Lading's lines are timed. */
public final class SdkPresigning implements AutoCloseable {
  private static final Duration EXPIRY = Duration.ofHours(12);

  private final LargeKeys keys;
  private final S3Presigner presigner;

  /** A presigner for these keys. */
  public SdkPresigning(LargeKeys keys) {
    this.keys = keys;
    this.presigner =
        S3Presigner.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create("http://127.0.0.1:9000"))
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        LargeBucketServer.accessKeyId(), LargeBucketServer.secretAccessKey())))
            .build();
  }

  /** Makes the given number of URLs with one thread; returns their total length in characters. */
  public long presign(int count) {
    long length = 0;
    for (int i = 0; i < count; i++) {
      String key = keys.get(i % keys.size());
      length +=
          presigner
              .presignGetObject(
                  p ->
                      p.signatureDuration(EXPIRY)
                          .getObjectRequest(get -> get.bucket(LargeBucketServer.bucket()).key(key)))
              .httpRequest()
              .encodedQueryParameters()
              .orElseThrow()
              .length();
    }
    return length;
  }

  @Override
  public void close() {
    presigner.close();
  }
}
