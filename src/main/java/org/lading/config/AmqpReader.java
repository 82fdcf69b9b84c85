package org.lading.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lading.amqp.AmqpSettings;
import org.lading.amqp.BrokerSettings;
import org.lading.amqp.BrokerSettings.TlsSettings;

/**
 * Reads the settings of requests that come as messages. The keys of {@code amqp} are those of
 * Bunny, the client library of medusa-downloader, with its aliases.
 */
final class AmqpReader {
  private static final int DEFAULT_PORT = 5672;
  private static final int DEFAULT_TLS_PORT = 5671;
  private static final int MAX_PORT = 65_535;
  private static final int DEFAULT_PREFETCH = 10;
  private static final int MAX_PREFETCH = 1_000;
  private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(30);
  private static final Duration MAX_HEARTBEAT = Duration.ofHours(1);

  /** The maximum length of a queue's name, AMQP 0.9.1 section 4.2.5.3. */
  private static final int MAX_QUEUE_BYTES = 255;

  private static final String RECONNECTS =
      "Lading connects again by itself, with pauses of its own, as often as it takes";
  private static final String OWN_LIMITS = "Lading has limits of its own";
  private static final String OWN_LOG = "what happens to the connection is in Lading's log";

  private static final String VERIFIES =
      "with tls Lading verifies the broker's certificate, unless verify_peer is false";

  /** Bunny's keys without which a connection would be another one. */
  private static final Map<String, String> NOT_SUPPORTED = notSupported();

  /** Bunny's keys that are passed over, with what that means. */
  private static final Map<String, String> PASSED_OVER = passedOver();

  private final SectionReader top;
  private final Set<String> rootNames;

  /** Makes a reader of a section, of a file that has these roots. */
  AmqpReader(SectionReader top, Set<String> rootNames) {
    this.top = top;
    this.rootNames = rootNames;
  }

  private static Map<String, String> passedOver() {
    Map<String, String> keys = new TreeMap<>();
    for (String key :
        List.of(
            "automatically_recover",
            "automatic_recovery",
            "recover_from_connection_close",
            "recovery_attempts",
            "recovery_attempts_exhausted",
            "recovery_attempt_started",
            "recovery_completed",
            "max_recovery_attempts",
            "reset_recovery_attempts_after_reconnection",
            "network_recovery_interval")) {
      keys.put(key, RECONNECTS);
    }
    for (String key :
        List.of(
            "connection_timeout",
            "connect_timeout",
            "socket_timeout",
            "disconnect_timeout",
            "timeout",
            "read_timeout",
            "write_timeout",
            "continuation_timeout",
            "recv_timeout",
            "frame_max",
            "channel_max",
            "threaded")) {
      keys.put(key, OWN_LIMITS);
    }
    for (String key : List.of("logger", "logging", "log_file", "logfile", "log_level")) {
      keys.put(key, OWN_LOG);
    }
    for (String key : List.of("verify", "verify_ssl", "fail_if_no_peer_cert")) {
      keys.put(key, VERIFIES);
    }
    return keys;
  }

  private static Map<String, String> notSupported() {
    Map<String, String> keys = new TreeMap<>();
    for (String key :
        List.of(
            "tls_cert",
            "tls_certificate",
            "tls_cert_path",
            "tls_certificate_path",
            "ssl_cert_path",
            "tls_key",
            "tls_key_path",
            "ssl_key_path")) {
      keys.put(
          key,
          "a certificate of the client is not supported: remove it, and give Lading's user a"
              + " password");
    }
    for (String key : List.of("hosts", "addresses")) {
      keys.put(key, "several brokers are not supported: remove it, and name one as host");
    }
    for (String key : List.of("auth_mechanism", "mechanism")) {
      keys.put(key, "is not supported: remove it, and set user and password");
    }
    return keys;
  }

  /** Reads the settings, which must not be used if faults were added; null if there are none. */
  @Nullable AmqpSettings read() {
    if (!top.has("amqp") && !top.has("incoming_queue")) {
      for (String key : List.of("return_queues", "dead_letter_queue")) {
        if (top.has(key)) {
          top.fault(key, "belongs to an incoming_queue");
        }
      }
      return null;
    }
    SectionReader section = top.section("amqp");
    String incoming = top.required("incoming_queue");
    checkQueue("incoming_queue", incoming);
    String deadLetters = top.text("dead_letter_queue");
    checkQueue("dead_letter_queue", deadLetters);
    if (incoming.equals(deadLetters)) {
      top.fault("dead_letter_queue", "must be another queue than incoming_queue");
    }
    AmqpSettings settings =
        new AmqpSettings(
            broker(section),
            incoming,
            returnQueues(incoming),
            deadLetters,
            section.number("prefetch", DEFAULT_PREFETCH, 1, MAX_PREFETCH),
            roots(section));
    PASSED_OVER.forEach(section::passOver);
    NOT_SUPPORTED.forEach(
        (key, cure) -> {
          if (section.has(key)) {
            section.fault(key, cure);
          }
        });
    section.refuseUnknown(Set.of());
    return settings;
  }

  private void checkQueue(String key, @Nullable String name) {
    if (name != null && name.getBytes(StandardCharsets.UTF_8).length > MAX_QUEUE_BYTES) {
      top.fault(key, "has more than " + MAX_QUEUE_BYTES + " bytes");
    }
  }

  private @Nullable Set<String> returnQueues(String incoming) {
    List<String> queues = top.texts("return_queues");
    if (top.isEmptyList("return_queues")) {
      top.fault("return_queues", "is empty; leave it out to answer to any queue");
    }
    if (queues == null) {
      return null;
    }
    queues.forEach(queue -> checkQueue("return_queues", queue));
    if (queues.contains(incoming)) {
      top.fault("return_queues", "has the incoming_queue, whose messages Lading itself reads");
    }
    return Set.copyOf(queues);
  }

  private Set<String> roots(SectionReader section) {
    List<String> roots = section.texts("roots");
    if (section.isEmptyList("roots")) {
      section.fault("roots", "is empty; leave it out to allow every root");
    }
    if (roots == null) {
      return rootNames;
    }
    roots.stream()
        .filter(root -> !rootNames.contains(root))
        .forEach(root -> section.fault("roots", "there is no root named " + root));
    return Set.copyOf(roots);
  }

  private static BrokerSettings broker(SectionReader section) {
    TlsSettings tls = tls(section);
    String host =
        either(section, "host", section.text("host"), "hostname", section.text("hostname"));
    String user =
        either(section, "user", section.text("user"), "username", section.text("username"));
    String password =
        either(section, "password", section.text("password"), "pass", section.text("pass"));
    String vhost = section.text("vhost");
    return new BrokerSettings(
        host == null ? "localhost" : host,
        section.number("port", tls == null ? DEFAULT_PORT : DEFAULT_TLS_PORT, 1, MAX_PORT),
        user == null ? "guest" : user,
        password == null ? "guest" : password,
        vhost == null ? "/" : vhost,
        tls,
        heartbeat(section));
  }

  /** Reads seconds, or Bunny's word for what the broker proposes. */
  private static Duration heartbeat(SectionReader section) {
    String text = section.text("heartbeat");
    return "server".equals(text) || ":server".equals(text)
        ? DEFAULT_HEARTBEAT
        : section.duration("heartbeat", DEFAULT_HEARTBEAT, Duration.ZERO, MAX_HEARTBEAT);
  }

  /** Returns the value of a key or of its alias; both must not say different things. */
  private static @Nullable String either(
      SectionReader section,
      String key,
      @Nullable String value,
      String alias,
      @Nullable String other) {
    if (value != null && other != null && !value.equals(other)) {
      section.fault(alias, "says something else than " + key + ", of which it is another name");
    }
    return value == null ? other : value;
  }

  private static @Nullable TlsSettings tls(SectionReader section) {
    boolean isTls = section.flag("tls", false);
    isTls = section.flag("ssl", isTls) || isTls;
    boolean isVerified = section.flag("verify_peer", true);
    List<Path> authorities = section.paths("tls_ca_certificates");
    return isTls ? new TlsSettings(isVerified, authorities) : null;
  }
}
