package org.lading.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.access.Client;
import org.lading.access.Clients;
import org.lading.access.digest.DigestHash;
import org.lading.access.digest.DigestSecret;

/**
 * Reads the passwords of clients, of which only hashes are kept: those of the list of clients, and
 * {@code auth}, medusa-downloader's setting, whose users are clients that may use every root.
 */
final class PasswordReader {
  /** What passwords are for, where the settings do not say. */
  static final String DEFAULT_REALM = "Lading";

  /** What needs no escape in a quoted string. */
  private static final Pattern REALM = Pattern.compile("[ !#-\\[\\]-~]+");

  /** What it means that the users are passed over. */
  private static final String INACTIVE =
      "active is false: medusa-downloader then lets everybody create, as clients: open does here";

  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

  private final SectionReader top;
  private final SectionReader users;
  private final boolean isActive;
  private final String realm;
  private final Set<DigestHash> common = EnumSet.allOf(DigestHash.class);

  /** Makes a reader of the passwords in a section. */
  PasswordReader(SectionReader top) {
    this.top = top;
    SectionReader auth = top.section("auth");
    this.users = auth.section("users");
    this.isActive = auth.flag("active", true);
    String given = auth.text("realm");
    this.realm = given == null ? DEFAULT_REALM : given;
    if (!REALM.matcher(realm).matches()) {
      auth.fault("realm", "must be printable ASCII without \" and \\");
    }
    if (!isActive && !users.keys().isEmpty()) {
      auth.passOver("users", INACTIVE);
    }
    auth.refuseUnknown(Set.of());
  }

  /** Returns what passwords are for. */
  String realm() {
    return realm;
  }

  /** Returns whether {@code auth} has users. */
  boolean hasUsers() {
    return isActive && !users.keys().isEmpty();
  }

  /** Reads what a client of the list proves to know with the digest of its password, or null. */
  @Nullable DigestSecret read(SectionReader section, String name) {
    if (!section.has("password") && !section.has("digest_ha1")) {
      return null;
    }
    checkName(section, "name", name);
    if (section.has("password")) {
      if (section.has("digest_ha1")) {
        section.fault("digest_ha1", "excludes password, of which it is a hash");
      }
      return DigestSecret.ofPassword(name, realm, section.required("password"));
    }
    return hashed(section);
  }

  private DigestSecret hashed(SectionReader section) {
    List<String> texts = section.texts("digest_ha1");
    Map<DigestHash, String> ha1 = new EnumMap<>(DigestHash.class);
    for (String text : texts == null ? List.<String>of() : texts) {
      String hex = text.toLowerCase(Locale.ROOT);
      DigestHash hash = hashWith(hex);
      if (hash == null || ha1.put(hash, hex) != null) {
        section.fault(
            "digest_ha1", "must have one SHA-256 (64 hex digits), one MD5 (32), or one of each");
        return new DigestSecret(Map.of());
      }
    }
    if (ha1.isEmpty() && !section.isFaulty("digest_ha1")) {
      section.fault("digest_ha1", "is empty");
    }
    if (!ha1.isEmpty()) {
      common.retainAll(ha1.keySet());
    }
    return new DigestSecret(ha1);
  }

  private static @Nullable DigestHash hashWith(String hex) {
    for (DigestHash hash : DigestHash.values()) {
      if (hash.hexDigits() == hex.length() && HEX.matcher(hex).matches()) {
        return hash;
      }
    }
    return null;
  }

  /** Adds a fault if no hash function can be offered to all clients. */
  void requireCommonHash() {
    if (common.isEmpty()) {
      top.fault("clients", "have no digest_ha1 of one kind in common: give both kinds");
    }
  }

  /**
   * Reads the users of {@code auth}.
   *
   * @param taken what the clients of the list have, to which the names are added
   */
  List<Client> users(Set<String> taken) {
    List<Client> clients = new ArrayList<>();
    for (String name : isActive ? users.keys() : Set.<String>of()) {
      String password = users.required(name);
      checkName(users, name, name);
      if (Clients.WITHOUT_A_NAME.contains(name)) {
        users.fault(name, "is what callers without a name are called");
      } else if (!taken.add("name " + name)) {
        users.fault(name, "another client is named " + name);
      }
      DigestSecret digest = DigestSecret.ofPassword(name, realm, password);
      clients.add(new Client(name, null, digest, Map.of(), null));
    }
    return clients;
  }

  /** A colon separates the name from the realm in what is hashed. */
  private static void checkName(SectionReader section, String key, String name) {
    if (name.indexOf(':') >= 0 || name.chars().anyMatch(Character::isISOControl)) {
      section.fault(key, "must not have a colon or a control character, for the digest");
    }
  }
}
