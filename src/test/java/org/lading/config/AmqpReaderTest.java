package org.lading.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.amqp.AmqpSettings;
import org.lading.amqp.BrokerSettings;
import org.lading.amqp.BrokerSettings.TlsSettings;

class AmqpReaderTest {
  private static final String REST =
      """

      roots: [{name: a, path: /a}, {name: b, path: /b}]
      storage: /s
      nginx_url: https://files.example.org
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private @Nullable AmqpSettings load(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("lading.yml"), yaml + REST);
    return ConfigurationLoader.load(file, Map.of()).amqp();
  }

  private List<String> faults(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("lading.yml"), yaml);
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigurationLoader.load(file, Map.of()))
        .faults();
  }

  @Test
  void noQueue_meansNoMessages() throws IOException {
    assertThat(load("")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"''", "'amqp:'", "'amqp: {}'"})
  void queueAlone_isThatOfTheGuestOnThisMachine(String amqp) throws IOException {
    assertThat(load("incoming_queue: in\n" + amqp))
        .isEqualTo(
            new AmqpSettings(
                new BrokerSettings(
                    "localhost", 5672, "guest", "guest", "/", null, Duration.ofSeconds(30)),
                "in",
                null,
                null,
                10,
                Set.of("a", "b")));
  }

  @Test
  void everySetting_isRead() throws IOException {
    assertThat(
            load(
                """
                incoming_queue: in
                return_queues: [x, y]
                dead_letter_queue: dead
                amqp: {host: mq, port: 7, user: u, password: p, vhost: v, ssl: yes, verify_peer: no,
                  tls_ca_certificates: [ca.pem], heartbeat: 5, prefetch: 3, roots: [b]}
                """))
        .isEqualTo(
            new AmqpSettings(
                new BrokerSettings(
                    "mq",
                    7,
                    "u",
                    "p",
                    "v",
                    new TlsSettings(false, List.of(directory.resolve("ca.pem"))),
                    Duration.ofSeconds(5)),
                "in",
                Set.of("x", "y"),
                "dead",
                3,
                Set.of("b")));
  }

  @Test
  void aliasesOfBunny_areRead_andItsOtherKeysPassedOver() throws IOException {
    AmqpSettings settings =
        load(
            """
            incoming_queue: in
            amqp:
              :hostname: mq
              :username: u
              :pass: hidden
              :tls: true
              :heartbeat: :server
              :automatically_recover: true
              :logger: none
              :verify: false
              :fail_if_no_peer_cert: true
              :connect_timeout: 5
              :socket_timeout: 5
              :timeout: 5
              :frame_max: 4096
            """);

    assertThat(settings).isNotNull();
    assertThat(settings.broker())
        .isEqualTo(
            new BrokerSettings(
                "mq",
                5671,
                "u",
                "hidden",
                "/",
                new TlsSettings(true, List.of()),
                Duration.ofSeconds(30)));
    assertThat(settings.toString()).doesNotContain("hidden");
  }

  @Test
  void faults_areAllReported() throws IOException {
    assertThat(
            faults(
                """
                roots: [{name: a, path: /a}]
                storage: /s
                incoming_queue: in
                dead_letter_queue: in
                return_queues: [in]
                amqp: {host: one, hostname: other, port: 0, heartbeat: 2h, prefetch: 0, roots: [no],
                  tls_cert: /c.pem, pasword: hidden}
                """))
        .satisfiesExactlyInAnyOrder(
            fault -> assertThat(fault).contains("dead_letter_queue", "another queue"),
            fault -> assertThat(fault).contains("return_queues", "has the incoming_queue"),
            fault -> assertThat(fault).contains("amqp.hostname", "something else than host"),
            fault -> assertThat(fault).contains("amqp.port", "from 1 to 65535"),
            fault -> assertThat(fault).contains("amqp.heartbeat", "3600 seconds"),
            fault -> assertThat(fault).contains("amqp.prefetch", "from 1 to 1000"),
            fault -> assertThat(fault).contains("amqp.roots", "no root named no"),
            fault -> assertThat(fault).contains("amqp.tls_cert", "is not supported: remove"),
            fault -> assertThat(fault).contains("amqp.pasword", "did you mean password?"),
            fault -> assertThat(fault).contains("nginx_url", "is required with incoming_queue"));
  }

  @Test
  void brokerWithoutAQueue_isAFault() throws IOException {
    assertThat(faults("amqp: {host: mq}" + REST))
        .singleElement()
        .satisfies(fault -> assertThat(fault).contains("incoming_queue", "is required"));
  }

  @ParameterizedTest
  @CsvSource({"'return_queues: [x]', return_queues", "'dead_letter_queue: x', dead_letter_queue"})
  void queueWithoutTheIncomingOne_isAFault(String setting, String key) throws IOException {
    assertThat(faults(setting + REST))
        .singleElement()
        .satisfies(fault -> assertThat(fault).contains(key, "belongs to an incoming_queue"));
  }
}
