package org.lading.nginx.check;

import java.util.regex.Pattern;

/** Takes apart the locations of manifests. */
final class NginxLocation {
  private static final Pattern BUFFER = Pattern.compile("^/(16k|64k|256k)(?=/)");
  private static final Pattern GUARD =
      Pattern.compile("^(/if-match/%22.*?%22|/unmodified-since/[^/]*)+(?=/)");

  private NginxLocation() {}

  /** Tells whether nginx asks for one content only, the one that was listed. */
  static boolean isGuarded(String location) {
    return GUARD.matcher(withoutBuffer(location)).find();
  }

  /** Returns the location as a configuration without guards has it. */
  static String unguarded(String location) {
    return GUARD.matcher(withoutBuffer(location)).replaceFirst("");
  }

  private static String withoutBuffer(String location) {
    return BUFFER.matcher(location).replaceFirst("");
  }
}
