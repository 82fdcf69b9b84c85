package org.lading.root.s3;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Settings for tests, changed one by one. */
record TestSettings(S3RootSettings get) {
  static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
  static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  /** Path style at the endpoint, or host style at AWS for null. */
  static TestSettings at(@Nullable URI endpoint) {
    Duration expiry = Duration.ofHours(12);
    boolean pathStyle = endpoint != null;
    return new TestSettings(
        new S3RootSettings(
            "root1", "bucket1", "", null, KEY_ID, SECRET, null, endpoint, pathStyle, expiry, false,
            16));
  }

  TestSettings bucket(String bucket) {
    return with(bucket, get.prefix(), get.region(), get.sessionToken(), get.pathStyle(), false);
  }

  TestSettings prefix(String prefix) {
    return with(get.bucket(), prefix, get.region(), get.sessionToken(), get.pathStyle(), false);
  }

  TestSettings region(String region) {
    return with(get.bucket(), get.prefix(), region, get.sessionToken(), get.pathStyle(), false);
  }

  TestSettings sessionToken(String token) {
    return with(get.bucket(), get.prefix(), get.region(), token, get.pathStyle(), false);
  }

  TestSettings hostStyle() {
    return with(get.bucket(), get.prefix(), get.region(), get.sessionToken(), false, false);
  }

  TestSettings requesterPays() {
    return with(
        get.bucket(), get.prefix(), get.region(), get.sessionToken(), get.pathStyle(), true);
  }

  private TestSettings with(
      String bucket,
      String prefix,
      @Nullable String region,
      @Nullable String token,
      boolean pathStyle,
      boolean requesterPays) {
    return new TestSettings(
        new S3RootSettings(
            get.name(),
            bucket,
            prefix,
            region,
            get.accessKeyId(),
            get.secretAccessKey(),
            token,
            get.endpoint(),
            pathStyle,
            get.urlExpiry(),
            requesterPays,
            get.listConcurrency()));
  }
}
