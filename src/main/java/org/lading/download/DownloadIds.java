package org.lading.download;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Makes unguessable ids of downloads. */
public final class DownloadIds {
  private static final int BYTES = 24;

  private DownloadIds() {}

  /** Returns a source of ids of 192 random bits, in 32 characters of base64url. */
  public static Supplier<String> random() {
    SecureRandom random = new SecureRandom();
    return () -> {
      byte[] bytes = new byte[BYTES];
      random.nextBytes(bytes);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    };
  }
}
