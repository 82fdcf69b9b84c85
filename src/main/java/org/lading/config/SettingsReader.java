package org.lading.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.access.AccessSettings;
import org.lading.amqp.AmqpSettings;
import org.lading.api.AssemblerSettings;
import org.lading.api.AssemblerSettings.Assembler;
import org.lading.api.Authority;
import org.lading.api.Origin;
import org.lading.api.RouteSettings;
import org.lading.api.create.CreateSettings;
import org.lading.audit.AuditSettings;
import org.lading.base.AddressBlock;
import org.lading.download.PreparationSettings;
import org.lading.link.LinkSettings;
import org.lading.manifest.ManifestSettings;
import org.lading.manifest.StoredContents.Place;
import org.lading.manifest.names.NamePolicy;
import org.lading.request.RequestForm;
import org.lading.request.RequestRules;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.webhook.WebhookAddress;
import org.lading.webhook.WebhookSettings;

/**
 * Reads all settings of one section: of a file without environments, or of one environment such as
 * {@code production}.
 */
final class SettingsReader {
  /** The keys of all top-level settings. */
  static final Set<String> KEYS =
      Set.of(
          "roots",
          "storage",
          "literals",
          "nginx_url",
          "hosts",
          "cors_origins",
          "trusted_proxies",
          "operators",
          "database",
          "assembler",
          "mod_zip_max_entries",
          "retention_days",
          "limits",
          "clients",
          "auth",
          "compatibility",
          "names",
          "empty_directories",
          "create_wait",
          "drain",
          "link_life",
          "link_reuse",
          "webhooks",
          "audit",
          "checksum_budget",
          "amqp",
          "incoming_queue",
          "return_queues",
          "dead_letter_queue");

  private static final int MAX_RETENTION_DAYS = 3_650;
  private static final Duration DEFAULT_CREATE_WAIT = Duration.ofSeconds(10);
  private static final Duration MAX_CREATE_WAIT = Duration.ofMinutes(5);

  /** The word for the form of requests, settings and answers of medusa-downloader. */
  private static final String MEDUSA_DOWNLOADER = "medusa-downloader";

  private static final Duration MAX_DRAIN = Duration.ofHours(1);
  private static final Duration DEFAULT_LINK_LIFE = Duration.ofDays(7);
  private static final Duration MIN_LINK_LIFE = Duration.ofMinutes(1);
  private static final Duration MAX_LINK_LIFE = Duration.ofDays(3_650);
  private static final Duration DEFAULT_LINK_REUSE = Duration.ofHours(1);
  private static final Duration MAX_LINK_REUSE = Duration.ofHours(12);
  private static final long DEFAULT_CHECKSUM_BUDGET = 256L << 20;
  private static final int DEFAULT_RETENTION_DAYS = 14;
  private static final int DEFAULT_MOD_ZIP_MAX_ENTRIES = 25_000;
  private static final long DEFAULT_MAX_ENTRIES = 5_000_000;
  private static final long DEFAULT_MAX_BODY_BYTES = 64L << 20;

  /** The minimum of {@code limits.body}; who writes 64 means 64 MiB. */
  private static final long MIN_BODY_BYTES = 1 << 10;

  /** The minimum of {@code checksum_budget}: each file counts as so many bytes at least. */
  private static final long MIN_CHECKSUM_BUDGET = 64 << 10;

  private static final int DEFAULT_MAX_TARGETS = 1_000_000;
  private static final long DEFAULT_MAX_STEPS = 20_000_000;
  private static final Duration DEFAULT_MAX_PREPARATION = Duration.ofHours(1);
  private static final Duration MAX_MAX_PREPARATION = Duration.ofDays(7);

  /** The directories in the storage that belong to Lading. */
  private static final List<String> STORED = List.of("content", "database");

  private final SectionReader top;
  private final RootReader rootReader = new RootReader();

  /** Makes a reader of the section that holds the settings. */
  SettingsReader(SectionReader top) {
    this.top = top;
  }

  /** Reads the configuration, which must not be used if faults were added. */
  Configuration read() {
    List<RootSettings> roots = roots();
    Path storage = top.requiredPath("storage");
    refuseInside(roots, top, "storage", storage);
    SectionReader databaseSection = top.section("database");
    DatabaseSettings database = database(databaseSection, storage);
    if (databaseSection.has("directory")) {
      refuseInside(roots, databaseSection, "directory", database.directory());
    }
    SectionReader auditSection = top.section("audit");
    AuditSettings audit = AuditReader.read(auditSection);
    if (audit.file() != null) {
      refuseInside(roots, auditSection, "file", audit.file());
    }
    SectionReader limits = top.section("limits");
    RequestRules rules = rules(limits);
    RouteSettings routes = routes();
    LimitReader clientLimits = new LimitReader(limits);
    Configuration configuration =
        new Configuration(
            roots,
            storage,
            routes,
            database,
            assembler(),
            top.number("retention_days", DEFAULT_RETENTION_DAYS, 1, MAX_RETENTION_DAYS),
            manifest(limits, rules, database),
            create(limits, rules),
            access(clientLimits),
            links(),
            preparation(limits),
            webhooks(),
            audit,
            amqp(routes),
            clientLimits.settings(),
            drain());
    limits.refuseUnknown(Set.of());
    passOverForeignKeys();
    top.refuseUnknown(Set.of());
    return configuration;
  }

  /** Reads the settings of messages; those that answer requests have URLs. */
  private @Nullable AmqpSettings amqp(RouteSettings routes) {
    AmqpSettings settings = new AmqpReader(top, rootReader.names()).read();
    if (settings == null || routes.publicUrl() != null) {
      return settings;
    }
    if (top.has("nginx_url")) {
      List.of("incoming_queue", "amqp")
          .forEach(key -> top.passOver(key, AncestorKeys.MESSAGES_PASSED));
    } else {
      top.fault("nginx_url", "is required with incoming_queue: the answers have URLs");
    }
    return null;
  }

  private RouteSettings routes() {
    boolean isPlaceholder = AncestorKeys.URL_PLACEHOLDER.equals(top.text("nginx_url"));
    if (isPlaceholder) {
      top.passOver("nginx_url", AncestorKeys.PLACEHOLDER_PASSED);
    }
    URI publicUrl = isPlaceholder ? null : top.url("nginx_url");
    List<Authority> hosts =
        top.parsed("hosts", Authority::parse, "a host name or address, with a port or without");
    List<Origin> origins =
        top.parsed("cors_origins", Origin::parse, "an origin: https://HOST or https://HOST:PORT");
    List<AddressBlock> proxies =
        top.has("trusted_proxies") ? addresses("trusted_proxies") : RouteSettings.LOCAL_PROXIES;
    List<AddressBlock> operators = top.has("operators") ? addresses("operators") : null;
    return new RouteSettings(publicUrl, hosts, origins, proxies, operators);
  }

  private List<AddressBlock> addresses(String name) {
    return top.parsed(
        name, AddressBlock::parse, "an IP address, or a block of them like 10.0.0.0/8");
  }

  private List<RootSettings> roots() {
    List<RootSettings> roots = new ArrayList<>();
    List<SectionReader> sections = top.sections("roots");
    if (!top.has("roots")) {
      top.fault("roots", "is required");
    } else if (top.isEmptyList("roots")) {
      top.fault("roots", "needs at least one root");
    }
    for (SectionReader section : sections) {
      RootSettings root = rootReader.read(section);
      if (root != null) {
        roots.add(root);
      }
    }
    return roots;
  }

  /**
   * Refuses a directory inside a root, whose clients could fetch the database and all literals, and
   * a root among the files of the storage, which Lading would remove as those of downloads that are
   * gone.
   */
  private static void refuseInside(
      List<RootSettings> roots, SectionReader section, String key, Path directory) {
    if (section.isFaulty(key)) {
      return;
    }
    for (RootSettings root : roots) {
      if (root instanceof FilesystemRootSettings files) {
        if (directory.startsWith(files.path())) {
          section.fault(key, "must not lie inside the root " + files.name());
        } else if (STORED.stream().map(directory::resolve).anyMatch(files.path()::startsWith)) {
          section.fault(key, "has the root " + files.name() + " where Lading keeps its own files");
        }
      }
    }
  }

  private static DatabaseSettings database(SectionReader section, Path storage) {
    DatabaseSettings database =
        new DatabaseSettings(
            section.has("directory")
                ? section.requiredPath("directory")
                : storage.resolve("database"),
            section.text("url"),
            section.text("user"),
            section.text("password"),
            section.text("jndi"));
    if (database.url() != null && database.jndi() != null) {
      section.fault("jndi", "excludes url: the container's DataSource has its own");
    }
    if (section.has("directory") && !database.isEmbedded()) {
      section.fault("directory", "is that of the embedded database, which url and jndi replace");
    }
    if (database.url() != null && database.url().startsWith("jdbc:h2:")) {
      section.fault("url", "Lading no longer uses H2: leave it out for the embedded database");
    } else if (database.url() != null && !database.url().startsWith("jdbc:postgresql:")) {
      section.fault("url", "must be the JDBC URL of a PostgreSQL database, jdbc:postgresql:...");
    }
    if (!section.has("url")) {
      for (String key : List.of("user", "password")) {
        if (section.has(key)) {
          section.fault(key, "belongs to a database with a url");
        }
      }
    }
    section.refuseUnknown(Set.of());
    return database;
  }

  private AssemblerSettings assembler() {
    Assembler assembler = top.word("assembler", Assembler.class);
    return new AssemblerSettings(
        assembler == null ? Assembler.AUTO : assembler,
        top.number("mod_zip_max_entries", DEFAULT_MOD_ZIP_MAX_ENTRIES, 0, Integer.MAX_VALUE));
  }

  private RequestRules rules(SectionReader limits) {
    String word = top.text("compatibility");
    if (word != null && !word.equals(MEDUSA_DOWNLOADER)) {
      top.fault("compatibility", "must be " + MEDUSA_DOWNLOADER + ", or left out");
    }
    RequestForm form = word == null ? RequestForm.OWN : RequestForm.MEDUSA_DOWNLOADER;
    NamePolicy names = top.word("names", NamePolicy.class);
    NamePolicy usual = form == RequestForm.OWN ? NamePolicy.REFUSE : NamePolicy.PORTABLE;
    return new RequestRules(
        limits.number("targets", DEFAULT_MAX_TARGETS, 1, Integer.MAX_VALUE),
        form,
        names == null ? usual : names);
  }

  private ManifestSettings manifest(
      SectionReader limits, RequestRules rules, DatabaseSettings database) {
    Place literals = top.word("literals", Place.class);
    Place usual = database.isEmbedded() ? Place.STORAGE : Place.DATABASE;
    return new ManifestSettings(
        limits.number("entries", DEFAULT_MAX_ENTRIES, 1L, Long.MAX_VALUE),
        limits.sizeOrNone("bytes", Long.MAX_VALUE, Long.MAX_VALUE, 1),
        top.flag("empty_directories", true),
        rules.form() == RequestForm.MEDUSA_DOWNLOADER,
        rules.names(),
        top.sizeOrNone("checksum_budget", DEFAULT_CHECKSUM_BUDGET, 0, MIN_CHECKSUM_BUDGET),
        literals == null ? usual : literals);
  }

  private CreateSettings create(SectionReader limits, RequestRules rules) {
    Duration usualWait =
        rules.form() == RequestForm.OWN ? DEFAULT_CREATE_WAIT : CreateSettings.NO_LIMIT;
    return new CreateSettings(
        limits.size("body", DEFAULT_MAX_BODY_BYTES, MIN_BODY_BYTES),
        rules,
        top.duration("create_wait", usualWait, Duration.ZERO, MAX_CREATE_WAIT));
  }

  private AccessSettings access(LimitReader limits) {
    ClientReader clients = new ClientReader(top, rootReader.names(), limits);
    return new AccessSettings(
        rootReader.publicNames(),
        clients.read(),
        clients.realm(),
        top.duration("link_life", DEFAULT_LINK_LIFE, MIN_LINK_LIFE, MAX_LINK_LIFE));
  }

  private LinkSettings links() {
    return new LinkSettings(
        top.duration("link_reuse", DEFAULT_LINK_REUSE, Duration.ZERO, MAX_LINK_REUSE));
  }

  private WebhookSettings webhooks() {
    SectionReader section = top.section("webhooks");
    List<WebhookAddress> allow =
        section.parsed(
            "allow",
            WebhookAddress::parsePrefix,
            "https://HOST or https://HOST/PATH, with a port or without, and no user, query or"
                + " fragment");
    section.refuseUnknown(Set.of());
    return new WebhookSettings(allow);
  }

  private @Nullable Duration drain() {
    return top.has("drain") ? top.duration("drain", Duration.ZERO, Duration.ZERO, MAX_DRAIN) : null;
  }

  private static PreparationSettings preparation(SectionReader limits) {
    return new PreparationSettings(
        limits.number("work", DEFAULT_MAX_STEPS, 1L, Long.MAX_VALUE),
        limits.duration(
            "preparation", DEFAULT_MAX_PREPARATION, Duration.ofSeconds(1), MAX_MAX_PREPARATION));
  }

  private void passOverForeignKeys() {
    AncestorKeys.TOP_LEVEL.forEach(top::passOver);
    for (String key : top.keys()) {
      if (top.isAnchor(key) && !KEYS.contains(key) && !AncestorKeys.TOP_LEVEL.containsKey(key)) {
        top.passOver(key, AncestorKeys.ANCHOR);
      }
    }
  }
}
