package org.lading.root.s3;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Settings that tests begin with. */
final class TestSettings {
  static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
  static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  private TestSettings() {}

  /** Path style at the endpoint, or host style at AWS for null. */
  static S3RootSettings.Builder at(@Nullable URI endpoint) {
    return S3RootSettings.builder("root1", "bucket1")
        .credentials(KEY_ID, SECRET)
        .endpoint(endpoint)
        .pathStyle(endpoint != null)
        .listConcurrency(16);
  }
}
