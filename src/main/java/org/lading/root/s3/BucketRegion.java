package org.lading.root.s3;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;

/**
 * The region to sign for: the configured one, or else the bucket's, which is requested at the first
 * use.
 *
 * <p>No lock is held during the request: callers at the same time each make one, so that a store
 * that hangs delays all of them once and not one after the other.
 */
final class BucketRegion {
  /** The region where AWS answers for every bucket, and with which other stores usually sign. */
  static final String FALLBACK = "us-east-1";

  private static final String HEADER = "x-amz-bucket-region";

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final Function<String, S3Client> clients;
  private volatile @Nullable String known;

  BucketRegion(S3RootSettings settings, S3Errors errors, Function<String, S3Client> clients) {
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.known = settings.region();
  }

  /**
   * Returns the region; {@code STORAGE_UNAVAILABLE}, until the next call, if it cannot be found.
   */
  String get() {
    String region = known;
    if (region == null) {
      region = discover();
      known = region;
    }
    return region;
  }

  private String discover() {
    try (S3Client client = clients.apply(FALLBACK)) {
      HeadBucketResponse response = client.headBucket(r -> r.bucket(settings.bucket()));
      String region = response.bucketRegion();
      return region == null || region.isBlank() ? FALLBACK : region;
    } catch (AwsServiceException e) {
      return regionOf(e).orElseThrow(() -> errors.unavailable(e));
    } catch (SdkException e) {
      throw errors.unavailable(e);
    }
  }

  private Optional<String> regionOf(AwsServiceException e) {
    Optional<String> named = S3Errors.header(e, HEADER).filter(region -> !region.isBlank());
    if (named.isPresent()) {
      return named;
    }
    // AWS names the region in every answer; a refusal of another store means that it has none.
    boolean refused = e.statusCode() == 400 || e.statusCode() == 403 || e.statusCode() == 301;
    return settings.endpoint() != null && refused ? Optional.of(FALLBACK) : Optional.empty();
  }
}
