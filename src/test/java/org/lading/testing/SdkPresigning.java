package org.lading.testing;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** How fast the SDK's presigner is, for benchmarks that run for minutes. */
public final class SdkPresigning {
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration MEASURED = Duration.ofSeconds(5);
  private static final Duration EXPIRY = Duration.ofHours(12);

  private SdkPresigning() {}

  /** Presigned URLs of these keys a second, by one thread that has become warm. */
  public static double urlsPerSecond(LargeKeys keys) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create("http://127.0.0.1:9000"))
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        LargeBucketServer.accessKeyId(), LargeBucketServer.secretAccessKey())))
            .build()) {
      perSecond(presigner, keys, WARM_UP);
      return perSecond(presigner, keys, MEASURED);
    }
  }

  private static double perSecond(S3Presigner presigner, LargeKeys keys, Duration time) {
    long start = System.nanoTime();
    long urls = 0;
    long bytes = 0;
    while (System.nanoTime() - start < time.toNanos()) {
      String key = keys.get((int) (urls++ % keys.size()));
      bytes +=
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
    if (bytes < urls) {
      throw new IllegalStateException("URLs without a signature");
    }
    return urls * 1e9 / (System.nanoTime() - start);
  }
}
