package org.lading.root.s3.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationGuard;
import org.lading.root.LocationWriter;
import org.lading.root.PercentEncoding;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Writes {@code /<bucket>/<encoded key>?<presigned query>}, signed with given credentials.
 *
 * <p>Each location is valid for {@link SignedBucket#urlExpiry} from when it is written, also in a
 * response that lasts beyond midnight. Credentials that rotate meanwhile serve the next response.
 */
public final class PresignedLocations implements LocationWriter {
  private static final int INITIAL_CAPACITY = 1024;

  private final Presigner presigner;
  private final LocationEncoding encoding;
  private final Condition condition;
  private final byte[] bucket;
  private final ByteBuilder keyBytes = new ByteBuilder(INITIAL_CAPACITY);
  private final ByteBuilder path = new ByteBuilder(INITIAL_CAPACITY);
  private final int keyStart;

  /** The conditions under which a store gives an object that did not change. */
  public enum Condition {
    /** The tag of the listing, or where that cannot be compared, the time. */
    TAG,
    /** The time of the listing. */
    TIME,
    /** None: the store refuses tags that are right. */
    NONE
  }

  /**
   * Makes a writer for one response.
   *
   * @param clock tells the time of each signature
   */
  public PresignedLocations(
      SignedBucket settings,
      BucketSignature bucketSignature,
      AwsCredentials credentials,
      LocationEncoding encoding,
      Condition condition,
      Clock clock) {
    this.presigner = new Presigner(bucketSignature, settings, credentials, clock);
    this.encoding = encoding;
    this.condition = condition;
    this.bucket = ("/" + settings.bucket() + "/").getBytes(UTF_8);
    this.keyStart = path.append(bucketSignature.path()).length();
  }

  @Override
  public void append(String key, ByteBuilder line) {
    keyBytes.truncate(0);
    keyBytes.append(key);
    path.truncate(keyStart);
    PercentEncoding.appendPath(keyBytes, 0, path);
    line.append(bucket);
    if (encoding.isEncodedTwice()) {
      PercentEncoding.appendPath(path, keyStart, line);
    } else {
      line.append(path, keyStart);
    }
    presigner.appendQuery(path, line.append('?'));
  }

  @Override
  public void appendGuard(long size, Instant modified, @Nullable String version, ByteBuilder line) {
    if (condition == Condition.TAG && version != null && LocationGuard.isUsable(version)) {
      LocationGuard.appendTag(version, line);
    } else if (condition != Condition.NONE) {
      LocationGuard.appendTime(modified, line);
    }
  }
}
