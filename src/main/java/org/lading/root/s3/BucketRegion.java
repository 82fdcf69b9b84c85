package org.lading.root.s3;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;

/**
 * The region to sign for: the configured one, or else the bucket's, which is requested at the first
 * use. A store that refuses a request and names another region corrects either.
 *
 * <p>No lock is held during the request: callers at the same time each make one, so that a store
 * that hangs delays all of them once and not one after the other.
 */
final class BucketRegion {
  /** The region where AWS answers for every bucket, and with which other stores usually sign. */
  static final String FALLBACK = "us-east-1";

  private static final Logger log = LoggerFactory.getLogger(BucketRegion.class);

  private static final String HEADER = "x-amz-bucket-region";

  /** The region in the sentence of a refusal, for stores without the header. */
  private static final Pattern SENTENCE = Pattern.compile("expecting '([^']*)'");

  /** The form of a region, which becomes a part of a host name. */
  private static final Pattern REGION = Pattern.compile("[a-zA-Z0-9-]{1,63}");

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

  /**
   * Learns the region from the refusal of a request that was signed for another one; returns
   * whether it is now another than that.
   *
   * @param signedFor the region that the refused request was signed for
   */
  boolean learn(String signedFor, SdkException refusal) {
    if (!(refusal instanceof AwsServiceException e) || !S3Errors.isOfRegion(e)) {
      return false;
    }
    Optional<String> named =
        S3Errors.header(e, HEADER)
            .or(() -> inSentence(e))
            .filter(region -> REGION.matcher(region).matches() && !region.equals(signedFor));
    if (named.isEmpty()) {
      return false;
    }
    synchronized (this) {
      if (!named.get().equals(known)) {
        log.warn(
            "root {}: the bucket {} is in the region {}, not in {}: change the setting, and the"
                + " configuration of nginx, if they have the other one",
            settings.name(),
            settings.bucket(),
            named.get(),
            signedFor);
        known = named.get();
      }
    }
    return true;
  }

  private static Optional<String> inSentence(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String sentence = details == null ? null : details.errorMessage();
    return sentence == null
        ? Optional.empty()
        : SENTENCE.matcher(sentence).results().findFirst().map(found -> found.group(1));
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
