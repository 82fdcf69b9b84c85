package org.lading.root.s3;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;

/**
 * The region to sign for: the configured one, else what the bucket says when it is first needed.
 *
 * <p>Nothing is locked while the bucket is asked: callers that come at the same time each ask, so
 * that a store that hangs delays each of them once and not one behind the other.
 */
final class BucketRegion {
  /** Where AWS answers for buckets of every region, and what stores without regions sign with. */
  static final String FALLBACK = "us-east-1";

  private static final String HEADER = "x-amz-bucket-region";

  private final S3RootSettings settings;
  private final S3Errors failures;
  private final Function<String, S3Client> clientIn;
  private volatile @Nullable String known;

  BucketRegion(S3RootSettings settings, S3Errors failures, Function<String, S3Client> clientIn) {
    this.settings = settings;
    this.failures = failures;
    this.clientIn = clientIn;
    this.known = settings.region();
  }

  /** The region; {@code STORAGE_UNAVAILABLE}, and asked again next time, if there is no answer. */
  String get() {
    String region = known;
    if (region == null) {
      region = discover();
      known = region;
    }
    return region;
  }

  private String discover() {
    try (S3Client client = clientIn.apply(FALLBACK)) {
      HeadBucketResponse response = client.headBucket(r -> r.bucket(settings.bucket()));
      String region = response.bucketRegion();
      return region == null || region.isBlank() ? FALLBACK : region;
    } catch (AwsServiceException e) {
      return regionIn(e).orElseThrow(() -> failures.unavailable(e));
    } catch (SdkException e) {
      throw failures.unavailable(e);
    }
  }

  private Optional<String> regionIn(AwsServiceException e) {
    Optional<String> named = S3Errors.header(e, HEADER).filter(region -> !region.isBlank());
    if (named.isPresent()) {
      return named;
    }
    // AWS names the region in every answer; of a compatible store a refusal is answer enough.
    boolean refused = e.statusCode() == 400 || e.statusCode() == 403 || e.statusCode() == 301;
    return settings.endpoint() != null && refused ? Optional.of(FALLBACK) : Optional.empty();
  }
}
