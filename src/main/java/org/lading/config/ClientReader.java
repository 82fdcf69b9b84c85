package org.lading.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.access.Client;
import org.lading.access.Clients;
import org.lading.access.digest.DigestSecret;
import org.lading.webhook.SigningKey;

/** Reads the clients of one file, and checks each by itself and against the earlier ones. */
final class ClientReader {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final String SHA_256_OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /** The minimum length of a key of HS256, RFC 7518 section 3.2. */
  private static final int MIN_SECRET_BYTES = 32;

  private static final int MAX_WEBHOOK_SECRETS = 2;

  private final SectionReader top;
  private final Set<String> rootNames;
  private final Set<String> taken = new HashSet<>();
  private final PasswordReader passwords;
  private final LimitReader limits;

  /**
   * Makes a reader of the clients in a section, which may name these roots.
   *
   * @param limits takes the limits of each client
   */
  ClientReader(SectionReader top, Set<String> rootNames, LimitReader limits) {
    this.top = top;
    this.limits = limits;
    this.rootNames = rootNames;
    this.passwords = new PasswordReader(top);
  }

  /** Reads the clients, which must not be used if faults were added. */
  Clients read() {
    List<Client> clients = new ArrayList<>();
    YamlValue.Field field = top.field("clients");
    if (field != null && field.value() instanceof YamlValue.Scalar) {
      String word = top.text("clients");
      if (word != null && !word.equals("open")) {
        top.fault("clients", "must be the word open, or a list");
      } else if (passwords.hasUsers()) {
        top.fault("clients", "is open to everybody, and auth has users: leave one of them out");
      }
      return new Clients("open".equals(word), List.of());
    }
    for (SectionReader section : top.sections("clients")) {
      clients.add(client(section));
    }
    passwords.requireCommonHash();
    clients.addAll(passwords.users(taken));
    return new Clients(false, clients);
  }

  /** Returns what clients with a password are told that it is for. */
  String realm() {
    return passwords.realm();
  }

  private Client client(SectionReader section) {
    String name = section.required("name");
    if (Clients.WITHOUT_A_NAME.contains(name)) {
      section.fault("name", name + " is what callers without a name are called");
    } else if (!name.isEmpty() && !taken.add("name " + name)) {
      section.fault("name", "another client is named " + name);
    }
    Map<String, String> secrets = secrets(section);
    String hash = hash(section);
    List<String> roots = section.texts("roots");
    checkRoots(section, roots);
    DigestSecret digest = passwords.read(section, name);
    Client client = new Client(name, hash, digest, secrets, roots, webhookSecrets(section));
    limits.readOwn(name, section);
    section.refuseUnknown(Set.of());
    return client;
  }

  private @Nullable String hash(SectionReader section) {
    boolean hasOther =
        Stream.of("secret", "secrets", "password", "digest_ha1").anyMatch(section::has);
    String given = hasOther ? section.text("token_sha256") : section.required("token_sha256");
    if (given == null) {
      return null;
    }
    String hash = given.toLowerCase(Locale.ROOT);
    if (!hash.isEmpty() && !SHA_256.matcher(hash).matches()) {
      section.fault("token_sha256", "must be the token's SHA-256 as 64 hex digits");
    } else if (hash.equals(SHA_256_OF_NOTHING)) {
      section.fault("token_sha256", "is the SHA-256 of nothing: the token must not be empty");
    } else if (!hash.isEmpty() && !taken.add("token " + hash)) {
      section.fault("token_sha256", "another client has the same token");
    }
    return hash;
  }

  private Map<String, String> secrets(SectionReader section) {
    Map<String, String> secrets = new TreeMap<>();
    if (section.has("secret")) {
      addSecret(section, "secret", Client.NO_KEY_ID, secrets);
    }
    if (section.has("secrets")) {
      if (section.has("secret")) {
        section.fault("secrets", "excludes secret: a token says which one it is signed with");
      }
      SectionReader byId = section.section("secrets");
      if (byId.keys().isEmpty() && !section.isFaulty("secrets")) {
        section.fault("secrets", "is empty; leave it out if the client signs no links");
      }
      byId.keys().forEach(id -> addSecret(byId, id, id, secrets));
    }
    return secrets;
  }

  private void addSecret(
      SectionReader section, String key, String id, Map<String, String> secrets) {
    String secret = section.required(key);
    if (secret.isEmpty()) {
      return;
    }
    if (secret.getBytes(StandardCharsets.UTF_8).length < MIN_SECRET_BYTES) {
      section.fault(key, "must have at least " + MIN_SECRET_BYTES + " bytes");
    } else if (!taken.add("secret " + secret)) {
      section.fault(key, "is used twice: each secret belongs to one client and one key id");
    }
    secrets.put(id, secret);
  }

  /** Reads what signs the client's webhooks: two while a new one takes the place of an old one. */
  private List<String> webhookSecrets(SectionReader section) {
    String key = section.has("webhook_secrets") ? "webhook_secrets" : "webhook_secret";
    List<String> secrets = new ArrayList<>();
    if (section.has("webhook_secret")) {
      String secret = section.required("webhook_secret");
      if (section.isFaulty("webhook_secret")) {
        return List.of();
      }
      secrets.add(secret);
    }
    if (section.has("webhook_secrets")) {
      if (!secrets.isEmpty()) {
        section.fault(key, "excludes webhook_secret: it lists all that are valid");
      }
      List<String> listed = section.texts("webhook_secrets");
      secrets = listed == null ? List.of() : listed;
      if (section.isEmptyList(key) || secrets.size() > MAX_WEBHOOK_SECRETS) {
        section.fault(key, "must list one secret, or two");
      }
    }
    for (String secret : secrets) {
      if (SigningKey.parse(secret) == null) {
        section.fault(key, "must be whsec_ and 24 to 64 bytes in base64");
      } else if (!taken.add("webhook " + secret)) {
        section.fault(key, "is used twice: each secret belongs to one client");
      }
    }
    return secrets;
  }

  private void checkRoots(SectionReader section, @Nullable List<String> roots) {
    if (section.isEmptyList("roots")) {
      section.fault("roots", "is empty; leave it out to allow every root");
    }
    if (roots != null) {
      roots.stream()
          .filter(root -> !rootNames.contains(root))
          .forEach(root -> section.fault("roots", "there is no root named " + root));
    }
  }
}
