package org.lading.access.digest;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client proves to know: {@code HA1}, the hash of {@code name:realm:password}. Whoever has
 * it can do in this realm what the password can.
 *
 * @param ha1 the hashes in lower-case hex, by their functions; at least one
 */
public record DigestSecret(Map<DigestHash, String> ha1) {
  /** Copies the map. */
  public DigestSecret {
    ha1 = Map.copyOf(ha1);
  }

  /** Makes the secret of a password, with all functions. */
  public static DigestSecret ofPassword(String name, String realm, String password) {
    Map<DigestHash, String> ha1 = new EnumMap<>(DigestHash.class);
    for (DigestHash hash : DigestHash.values()) {
      ha1.put(hash, hash.hexOf(name + ":" + realm + ":" + password));
    }
    return new DigestSecret(ha1);
  }

  /** Returns the functions that it can be proved with. */
  public Set<DigestHash> hashes() {
    return ha1.keySet();
  }

  @Nullable String ha1(DigestHash hash) {
    return ha1.get(hash);
  }

  /** Renders it without the hashes. */
  @Override
  public String toString() {
    return "DigestSecret" + hashes();
  }
}
