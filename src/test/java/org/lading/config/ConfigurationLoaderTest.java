package org.lading.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.access.AccessSettings;
import org.lading.access.Client;
import org.lading.access.Clients;
import org.lading.api.AssemblerSettings;
import org.lading.api.AssemblerSettings.Assembler;
import org.lading.api.Authority;
import org.lading.api.Origin;
import org.lading.api.RouteSettings;
import org.lading.api.create.CreateSettings;
import org.lading.audit.AuditSettings;
import org.lading.base.AddressBlock;
import org.lading.download.PreparationSettings;
import org.lading.limit.ClientLimits;
import org.lading.limit.LimitSettings;
import org.lading.link.LinkSettings;
import org.lading.manifest.ManifestSettings;
import org.lading.manifest.StoredContents;
import org.lading.manifest.names.NamePolicy;
import org.lading.request.RequestForm;
import org.lading.request.RequestRules;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.s3.S3RootSettings;
import org.lading.webhook.WebhookAddress;
import org.lading.webhook.WebhookSettings;

class ConfigurationLoaderTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private Configuration load(String yaml, Map<String, String> environment) throws IOException {
    return ConfigurationLoader.load(
        Files.writeString(directory.resolve("lading.yml"), yaml), environment);
  }

  private Configuration load(String yaml) throws IOException {
    return load(yaml, Map.of());
  }

  @Test
  void minimalFile_getsTheDefaults() throws IOException {
    Configuration configuration =
        load(
            """
            roots:
              - name: files
                path: content
            storage: /var/lib/lading
            """);

    assertThat(configuration)
        .isEqualTo(
            new Configuration(
                List.of(
                    new FilesystemRootSettings(
                        "files",
                        directory.resolve("content"),
                        false,
                        FilesystemRootSettings.Serve.LINKS)),
                Path.of("/var/lib/lading"),
                RouteSettings.NONE,
                new DatabaseSettings(Path.of("/var/lib/lading/database"), null, null, null, null),
                new AssemblerSettings(Assembler.AUTO, 25_000),
                14,
                new ManifestSettings(
                    5_000_000,
                    Long.MAX_VALUE,
                    true,
                    false,
                    NamePolicy.REFUSE,
                    268_435_456,
                    StoredContents.Place.STORAGE),
                new CreateSettings(
                    67_108_864,
                    new RequestRules(1_000_000, RequestForm.OWN, NamePolicy.REFUSE),
                    Duration.ofSeconds(10)),
                new AccessSettings(Set.of(), Clients.CLOSED, "Lading", Duration.ofDays(7)),
                new LinkSettings(Duration.ofHours(1)),
                new PreparationSettings(20_000_000, Duration.ofHours(1)),
                new WebhookSettings(List.of()),
                AuditSettings.DEFAULTS,
                null,
                LimitSettings.NONE,
                null));
  }

  @Test
  void everySetting_isRead() throws IOException {
    Configuration configuration =
        load(
            """
            roots:
              - {name: files, type: filesystem, path: /srv/./files, follow_symlinks: yes, serve: direct}
              - name: bucket
                type: s3
                bucket: medusa-content
                prefix: a/b
                region: us-east-2
                aws_access_key_id: id
                aws_secret_access_key: secret
                aws_session_token: session
                endpoint: https://s3.example.org:9000/base/
                force_path_style: true
                url_expiry: 30m
                public: true
                requester_pays: true
                list_concurrency: 32
            storage: store
            literals: storage
            nginx_url: https://files.example.org/
            hosts: [Intern.:8443, '[::1]']
            cors_origins: ['https://APP.example.org:443']
            trusted_proxies: [10.0.0.0/8, '2001:DB8:0::/32', 192.0.2.1]
            operators: ['192.0.2.0/24']
            database: {url: 'jdbc:postgresql://db/lading', user: u, password: p}
            assembler: mod_zip
            mod_zip_max_entries: 10_000
            retention_days: 3
            limits:
              {entries: 7, body: 1 KiB, targets: 8, bytes: 10 GiB, work: 9, preparation: 5m,
               client: {creates_per_minute: 60, preparations_at_once: 5, bytes_per_day: 1 TB},
               address: {creates_per_minute: 2, bytes_per_day: none},
               bytes_per_second: 1 MiB, archives_at_once: 9}
            clients:
              - name: repository
                token_sha256: 50D858E0985ECC7F60418AAF0CC5AB587F42C2570A884095A9E8CCACD0F6545C
                roots: [files]
                limits: {creates_per_minute: 6, preparations_at_once: none}
              - name: portal
                secret: the secret of the portal, 32 bytes
                webhook_secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]
              - name: other
                secrets:
                  a: the first secret of the other one
                  b: the second secret of the other one
            link_life: 2d
            link_reuse: 10m
            empty_directories: false
            create_wait: 0s
            names: keep
            drain: 5m
            webhooks: {allow: ['https://APP.example.org:443/hooks/', 'http://[::1]:80']}
            checksum_budget: none
            audit: {file: log/audit.jsonl, max_entries: 5, leave_out: [address, user_agent]}
            """);

    assertThat(configuration)
        .isEqualTo(
            new Configuration(
                List.of(
                    new FilesystemRootSettings(
                        "files", Path.of("/srv/files"), true, FilesystemRootSettings.Serve.DIRECT),
                    S3RootSettings.builder("bucket", "medusa-content")
                        .prefix("a/b/")
                        .region("us-east-2")
                        .credentials(new S3RootSettings.Credentials("id", "secret", "session"))
                        .endpoint(URI.create("https://s3.example.org:9000/base"))
                        .pathStyle(true)
                        .urlExpiry(Duration.ofMinutes(30))
                        .requesterPays(true)
                        .listConcurrency(32)
                        .build()),
                directory.resolve("store"),
                new RouteSettings(
                    URI.create("https://files.example.org"),
                    List.of(new Authority("intern", 8443), new Authority("[::1]", -1)),
                    List.of(new Origin("https", new Authority("app.example.org", -1))),
                    Stream.of("10.0.0.0/8", "2001:db8::/32", "192.0.2.1/32")
                        .map(AddressBlock::parse)
                        .toList(),
                    List.of(AddressBlock.parse("192.0.2.0/24"))),
                new DatabaseSettings(
                    directory.resolve("store/database"),
                    "jdbc:postgresql://db/lading",
                    "u",
                    "p",
                    null),
                new AssemblerSettings(Assembler.MOD_ZIP, 10_000),
                3,
                new ManifestSettings(
                    7, 10L << 30, false, false, NamePolicy.KEEP, 0, StoredContents.Place.STORAGE),
                new CreateSettings(
                    1_024, new RequestRules(8, RequestForm.OWN, NamePolicy.KEEP), Duration.ZERO),
                new AccessSettings(
                    Set.of("bucket"),
                    new Clients(
                        false,
                        List.of(
                            new Client(
                                "repository",
                                "50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c",
                                null,
                                Map.of(),
                                List.of("files")),
                            new Client(
                                "portal",
                                null,
                                null,
                                Map.of(Client.NO_KEY_ID, "the secret of the portal, 32 bytes"),
                                null,
                                List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
                            new Client(
                                "other",
                                null,
                                null,
                                Map.of(
                                    "a",
                                    "the first secret of the other one",
                                    "b",
                                    "the second secret of the other one"),
                                null))),
                    "Lading",
                    Duration.ofDays(2)),
                new LinkSettings(Duration.ofMinutes(10)),
                new PreparationSettings(9, Duration.ofMinutes(5)),
                new WebhookSettings(
                    List.of(
                        new WebhookAddress(
                            "https", new Authority("app.example.org", -1), "/hooks/", null),
                        new WebhookAddress("http", new Authority("[::1]", -1), "", null))),
                new AuditSettings(
                    directory.resolve("log/audit.jsonl"), 5, Set.of("address", "user_agent")),
                null,
                new LimitSettings(
                    new ClientLimits(60, 5, 1_000_000_000_000L),
                    Map.of(
                        "repository", new ClientLimits(6, ClientLimits.NONE, 1_000_000_000_000L)),
                    new ClientLimits(2, ClientLimits.NONE, ClientLimits.NONE),
                    1 << 20,
                    9),
                Duration.ofMinutes(5)));
  }

  @Test
  void settingsOfMedusaDownloader_withAStorage_loadUnchanged() throws IOException {
    Configuration configuration =
        load(
            """

            production:
              storage: /storage
              roots:
                - name: medusa
                  path: /path/to/storage/root
                  type: filesystem
                - name: medusa-s3
                  aws_access_key_id: key-id
                  aws_secret_access_key: secret-key
                  bucket: medusa-content
                  prefix: collection/prefix

            """);

    assertThat(configuration.roots())
        .containsExactly(
            new FilesystemRootSettings(
                "medusa",
                Path.of("/path/to/storage/root"),
                false,
                FilesystemRootSettings.Serve.LINKS),
            S3RootSettings.builder("medusa-s3", "medusa-content")
                .prefix("collection/prefix/")
                .credentials("key-id", "secret-key")
                .urlExpiry(Duration.ofHours(12))
                .listConcurrency(32)
                .build());
  }

  @Test
  void compatibility_hasDefaultsOfItsOwn_whichSettingsReplace() throws IOException {
    String settings =
        """
        compatibility: medusa-downloader
        storage: storage
        roots:
          - {name: a, path: /a, versioned: true, copy_targets: false}
        """;
    Configuration compatible = load(settings);
    assertThat(compatible.create().rules())
        .isEqualTo(new RequestRules(1_000_000, RequestForm.MEDUSA_DOWNLOADER, NamePolicy.PORTABLE));
    assertThat(compatible.create().defaultWait()).isEqualTo(CreateSettings.NO_LIMIT);
    assertThat(compatible.manifest().names()).isEqualTo(NamePolicy.PORTABLE);
    assertThat(compatible.manifest().emptyArchives()).isTrue();

    Configuration chosen = load(settings + "names: keep\ncreate_wait: 20s\n");
    assertThat(chosen.manifest().names()).isEqualTo(NamePolicy.KEEP);
    assertThat(chosen.create().defaultWait()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void medusaDownloadersFile_loads_andNamesForeignKeysOnceWithoutTheirValues() throws IOException {
    List<String> lines = new ArrayList<>();
    Logger logger = Logger.getLogger(ConfigurationLoader.class.getName());
    Handler handler = capturing(lines);
    logger.addHandler(handler);
    Configuration configuration;
    try {
      configuration =
          load(
              """
              #This file is processed by ERB before being parsed into YAML
              admin_email: admin@example.org
              smtp:
                :password: hidden-1
              s3_common: &S3_COMMON
                :type: s3
                :region: us-east-2
                :aws_access_key_id: hidden-2
                :aws_secret_access_key: hidden-3
              more_common: &MORE
                :requester_pays: true
              roots:
                - :name: medusa
                  :type: filesystem
                  :path: /path/to/medusa
                - :name: ideals
                  :bucket: ideals-content
                  <<: [*S3_COMMON, *MORE]
                  :region: eu-west-1
              storage: /home/downloader/storage
              outgoing_queue: ${NOT_SET_ANYWHERE}
              aws_region: us-east-2
              incoming_sqs_queue: requests
              nginx_url: url
              auth:
                users:
                  idb: hidden-4
              """);
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(configuration.roots())
        .hasSize(2)
        .element(1)
        .isEqualTo(
            S3RootSettings.builder("ideals", "ideals-content")
                .region("eu-west-1")
                .credentials("hidden-2", "hidden-3")
                .urlExpiry(Duration.ofHours(12))
                .requesterPays(true)
                .listConcurrency(32)
                .build());
    assertThat(configuration.routes().publicUrl())
        .as("the placeholder of the demo settings")
        .isNull();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("with compatibility: medusa-downloader requests are taken");
    assertThat(lines.get(0))
        .contains(
            "[admin_email, smtp, s3_common, more_common, outgoing_queue, aws_region,"
                + " incoming_sqs_queue, nginx_url]")
        .doesNotContain("hidden");
  }

  private static Handler capturing(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        lines.add(new SimpleFormatter().formatMessage(entry));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void environments_areChosenByName() throws IOException {
    String yaml =
        """
        defaults: &defaults
          roots: [{name: files, path: /srv/files}]
          storage: /var/lib/lading
        production:
          <<: *defaults
        staging:
          <<: *defaults
          storage: ${THERE:-/staging}
        """;

    assertThat(load(yaml).storage()).isEqualTo(Path.of("/var/lib/lading"));
    assertThat(load(yaml, Map.of("LADING_ENV", " ")).storage())
        .isEqualTo(Path.of("/var/lib/lading"));
    assertThat(load(yaml, Map.of("LADING_ENV", "staging")).storage())
        .isEqualTo(Path.of("/staging"));
  }

  @Test
  void variables_areReplacedOnce() throws IOException {
    Configuration configuration =
        load(
            """
            roots:
              - {name: a, path: '/srv/${A}/$${A}/${EMPTY:-e}${EMPTY}/$A/${B:-}x'}
              - {name: b, bucket: bbb, aws_access_key_id: '${UNSET:-}', aws_secret_access_key: ''}
            storage: /var/lib/lading
            """,
            Map.of("A", "${B}", "EMPTY", ""));

    assertThat(configuration.roots().get(0))
        .extracting("path")
        .isEqualTo(Path.of("/srv/${B}/${A}/e/$A/x"));
    assertThat(configuration.roots().get(1)).extracting("credentials").isNull();
  }

  @Test
  void clients_mayBeOpen() throws IOException {
    Configuration configuration =
        load("{roots: [{name: a, path: /a}], storage: /s, clients: open}");

    assertThat(configuration.access().clients()).isEqualTo(new Clients(true, List.of()));
  }

  @Test
  void secrets_areInNoToString() throws IOException {
    Configuration configuration =
        load(
            """
            roots:
              - name: b
                bucket: bbb
                aws_access_key_id: hidden-1
                aws_secret_access_key: hidden-2
                aws_session_token: hidden-3
            storage: /s
            database: {url: 'jdbc:postgresql:x?password=hidden-4', user: u, password: hidden-5}
            clients:
              - name: c
                token_sha256: 50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c
                secret: hidden-6-hidden-6-hidden-6-hidden-6
                password: hidden-7
              - name: d
                digest_ha1: [50d858e0985ecc7f60418aaf0cc5ab58]
            """);

    assertThat(configuration.toString()).doesNotContain("hidden", "50d858").contains("bbb");
  }

  @ParameterizedTest
  @CsvSource({
    "plain, 'region: us-east-2', false",
    "plain, 'endpoint: https://s3.example.org', false",
    "plain, 'force_path_style: true', true",
    "with.dot, 'region: us-east-2', true",
    "plain, 'endpoint: http://127.0.0.1:9000', true",
    "plain, 'endpoint: http://[::1]:9000', true",
    "plain, 'endpoint: http://LocalHost', true",
    "plain, 'endpoint: http://s3.localhost', true"
  })
  void s3Root_usesPathStyle_whereNoHostNameFits(String bucket, String setting, boolean expected)
      throws IOException {
    Configuration configuration =
        load(
            """
            roots:
              - name: objects
                bucket: %s
                %s
            storage: s
            """
                .formatted(bucket, setting));
    assertThat(((S3RootSettings) configuration.roots().get(0)).pathStyle()).isEqualTo(expected);
  }
}
