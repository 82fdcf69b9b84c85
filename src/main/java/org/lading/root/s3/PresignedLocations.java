package org.lading.root.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import org.lading.base.ByteBuilder;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationWriter;
import org.lading.root.PercentEncoding;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Writes {@code /<bucket>/<encoded key>?<presigned query>}, signed with the credentials given.
 *
 * <p>Each location is valid for the settings' expiry from when it is written, also in a response
 * that lasts beyond midnight. Credentials that rotate meanwhile are those of the next response.
 */
final class PresignedLocations implements LocationWriter {
  private static final int USUAL_KEY = 1024;

  private final Presigner presigner;
  private final LocationEncoding encoding;
  private final byte[] bucket;
  private final ByteBuilder utf8 = new ByteBuilder(USUAL_KEY);
  private final ByteBuilder path = new ByteBuilder(USUAL_KEY);
  private final int pathToBucket;

  PresignedLocations(
      S3RootSettings settings,
      SigningTarget target,
      AwsCredentials credentials,
      LocationEncoding encoding,
      Clock clock) {
    this.presigner = new Presigner(target, settings, credentials, clock);
    this.encoding = encoding;
    this.bucket = ("/" + settings.bucket() + "/").getBytes(UTF_8);
    this.pathToBucket = path.append(target.path()).length();
  }

  @Override
  public void append(String key, ByteBuilder line) {
    utf8.truncate(0);
    utf8.append(key);
    path.truncate(pathToBucket);
    PercentEncoding.appendPath(utf8, 0, path);
    line.append(bucket);
    if (encoding == LocationEncoding.EXACT) {
      PercentEncoding.appendPath(path, pathToBucket, line);
    } else {
      line.append(path, pathToBucket);
    }
    presigner.appendQuery(path, line.append('?'));
  }
}
