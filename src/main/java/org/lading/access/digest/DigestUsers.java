package org.lading.access.digest;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The users of a realm, by their names and by the hashes of these. */
final class DigestUsers {
  private final Map<String, DigestSecret> secrets;

  /** The names by their hashes, which do not meet: they have different lengths. */
  private final Map<String, String> names = new HashMap<>();

  DigestUsers(String realm, Map<String, DigestSecret> secrets) {
    this.secrets = Map.copyOf(secrets);
    for (DigestHash hash : DigestHash.values()) {
      secrets.keySet().forEach(name -> names.put(hash.hexOf(name + ":" + realm), name));
    }
  }

  /** Returns the functions that every user's secret has, since a challenge is one for all. */
  Set<DigestHash> commonHashes() {
    Set<DigestHash> common = EnumSet.allOf(DigestHash.class);
    secrets.values().forEach(secret -> common.retainAll(secret.hashes()));
    return common;
  }

  /** Returns the name that credentials mean, or null if the hash of a name is that of no user. */
  @Nullable String name(DigestCredentials given) {
    return given.isHashed() ? names.get(given.username()) : given.username();
  }

  /** Returns a user's secret; null if there is none with that function. */
  @Nullable String ha1(@Nullable String name, DigestHash hash) {
    DigestSecret secret = name == null ? null : secrets.get(name);
    return secret == null ? null : secret.ha1(hash);
  }
}
