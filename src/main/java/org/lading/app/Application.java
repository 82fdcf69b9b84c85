package org.lading.app;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.servlet.ServletProperties;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.lading.api.Answers;
import org.lading.api.AssemblerChoice;
import org.lading.api.DownloadStatusResource;
import org.lading.api.FailureMapper;
import org.lading.api.HelpResource;
import org.lading.api.StatusResource;
import org.lading.api.Urls;
import org.lading.api.create.Access;
import org.lading.api.create.CreateResource;
import org.lading.checksum.ChecksumLedger;
import org.lading.config.Clients;
import org.lading.config.Configuration;
import org.lading.config.Limits;
import org.lading.download.DownloadService;
import org.lading.http.DownloadFilter;
import org.lading.http.ManifestReply;
import org.lading.http.archive.ArchiveReply;
import org.lading.http.archive.EmbeddedLayout;
import org.lading.http.archive.ReadAhead;
import org.lading.manifest.ChecksumSources;
import org.lading.manifest.EntryLimits;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredFiles;
import org.lading.modzip.ArchiveLength;
import org.lading.root.Root;
import org.lading.root.Roots;
import org.lading.store.Database;
import org.lading.store.JdbcChecksumStore;
import org.lading.store.JdbcDownloadStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running Lading: builds every part from a configuration, and closes what it opened. */
final class Application implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Application.class);

  /** So many sources can be waited for at once; slow clients take none of them. */
  private static final int READERS = 256;

  private static final int AHEAD_READERS = 64;
  private static final long READ_AHEAD_BYTES =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);
  private static final int SECONDS_TO_STOP = 5;
  private static final Duration LEDGER_DELAY = Duration.ofSeconds(1);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Configuration configuration;
  private final Clock clock;
  private final StoredFiles storedFiles;
  private final Roots roots;
  private final JdbcDownloadStore store;
  private final DownloadService downloads;
  private final ChecksumLedger ledger;
  private final ThreadPoolExecutor readers = Threads.growing("lading-reader-", READERS);
  private final ThreadPoolExecutor aheadReaders = Threads.growing("lading-ahead-", AHEAD_READERS);
  private final ArchiveReply archives;

  /**
   * Opens the storage, the roots and the database; throws if one cannot be opened, with nothing
   * left open. A root that does not answer is no reason not to start.
   */
  Application(Configuration configuration, Clock clock, Supplier<String> ids) {
    this.configuration = configuration;
    this.clock = clock;
    this.storedFiles = new StoredFiles(configuration.storage().resolve("content"));
    try {
      storedFiles.check();
      this.roots =
          opened(new Roots(configuration.roots().stream().map(RootFactory::root).toList()));
      Jdbi jdbi = opened(database()).jdbi();
      this.store = new JdbcDownloadStore(jdbi);
      this.ledger =
          opened(
              new ChecksumLedger(new JdbcChecksumStore(jdbi, clock), ledgerThread(), LEDGER_DELAY));
      this.downloads = downloads(ids);
      downloads.discardUnfinished();
      this.archives =
          new ArchiveReply(
              downloads,
              roots,
              storedFiles,
              readers,
              new ReadAhead(aheadReaders, READ_AHEAD_BYTES),
              ledger);
      opened.push(this::stopReading);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** The filter that serves downloads. */
  DownloadFilter filter() {
    return new DownloadFilter(downloads, new ManifestReply(downloads, roots), archives);
  }

  /**
   * The JAX-RS resources.
   *
   * @param spool a directory of this node for large request bodies while they are read
   */
  ResourceConfig resources(Path spool) {
    URI outside = configuration.nginxUrl();
    Answers answers =
        new Answers(new Urls(outside == null ? null : outside.toString()), assembler());
    Limits limits = configuration.limits();
    Set<String> names = roots.all().stream().map(Root::name).collect(Collectors.toSet());
    List<Object> resources =
        List.of(
            new CreateResource(
                downloads,
                access(configuration.clients()),
                names,
                new CreateResource.BodyLimits(limits.bodyBytes(), limits.targets(), spool),
                answers),
            new DownloadStatusResource(downloads, answers),
            new StatusResource(checks(), clock),
            new HelpResource());
    ResourceConfig config =
        new ResourceConfig()
            // A create request sent as a form, which is curl's habit, is read as JSON all the same.
            .property(ServletProperties.QUERY_PARAMS_AS_FORM_PARAMS_DISABLED, true)
            .property(ServerProperties.WADL_FEATURE_DISABLE, true)
            .property(CommonProperties.PROVIDER_DEFAULT_DISABLE, "ALL")
            .register(new FailureMapper())
            .register(new Instances(resources));
    resources.forEach(resource -> config.register(resource.getClass()));
    return config;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.error("{} did not close", part, e);
      }
    }
  }

  private DownloadService downloads(Supplier<String> ids) {
    ManifestService manifests =
        new ManifestService(
            roots,
            storedFiles,
            new EntryLimits(configuration.limits().entries(), configuration.limits().bytes()),
            configuration.emptyDirectories(),
            new ChecksumSources(ledger, aheadReaders, configuration.checksumBudget()),
            clock);
    return new DownloadService(
        store,
        manifests,
        storedFiles,
        ArchiveLength::new,
        EmbeddedLayout::new,
        ids,
        clock,
        configuration.retentionDays());
  }

  private ScheduledThreadPoolExecutor ledgerThread() {
    ScheduledThreadPoolExecutor thread = Threads.scheduling("lading-ledger-");
    opened.push(
        () -> {
          thread.shutdownNow();
          awaitEnd(thread);
        });
    return thread;
  }

  /**
   * Closes the roots before it waits, which ends what waits for a store; then the sources that no
   * thread holds.
   */
  private void stopReading() throws InterruptedException {
    readers.shutdownNow();
    for (Runnable dropped : aheadReaders.shutdownNow()) {
      // Somebody may wait for it.
      if (dropped instanceof Future<?> question) {
        question.cancel(false);
      }
    }
    roots.close();
    awaitEnd(readers);
    awaitEnd(aheadReaders);
    archives.close();
  }

  /** Since a container that looks right after this reports threads as leaks. */
  private static void awaitEnd(ExecutorService pool) throws InterruptedException {
    if (!pool.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
      log.warn("Threads are still reading for downloads");
    }
  }

  private Map<String, Runnable> checks() {
    Map<String, Runnable> checks = new LinkedHashMap<>();
    checks.put("database", store::check);
    checks.put("storage", storedFiles::check);
    roots.all().forEach(root -> checks.put("root " + root.name(), root::check));
    return checks;
  }

  private Database database() {
    org.lading.config.Database settings = configuration.database();
    String jndi = settings.jndi();
    if (jndi != null) {
      return Database.using(dataSource(jndi));
    }
    String url = settings.url();
    return url == null
        ? Database.openEmbedded(configuration.storage().resolve("database"))
        : Database.open(url, settings.user(), settings.password());
  }

  /** The name comes from the operator, never from a request. */
  @SuppressWarnings("BanJNDI")
  private static DataSource dataSource(String name) {
    try {
      return (DataSource) new InitialContext().lookup(name);
    } catch (NamingException | ClassCastException e) {
      throw new IllegalStateException("no DataSource under the JNDI name " + name, e);
    }
  }

  private AssemblerChoice assembler() {
    return switch (configuration.assembler()) {
      case AUTO -> AssemblerChoice.auto(configuration.modZipMaxEntries());
      case MOD_ZIP -> AssemblerChoice.modZip();
      case EMBEDDED -> AssemblerChoice.embedded();
    };
  }

  private static Access access(Clients clients) {
    if (clients.open()) {
      return Access.open();
    }
    return Access.of(
        clients.list().stream()
            .map(c -> new Access.Client(c.name(), c.tokenSha256(), setOrNull(c.roots())))
            .toList());
  }

  private static @Nullable Set<String> setOrNull(@Nullable List<String> names) {
    return names == null ? null : Set.copyOf(names);
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  /** Makes Jersey take these for their classes; registered themselves, it warns of each. */
  private static final class Instances extends AbstractBinder {
    private final List<Object> instances;

    Instances(List<Object> instances) {
      this.instances = instances;
    }

    @Override
    protected void configure() {
      instances.forEach(this::bindToItsClass);
    }

    @SuppressWarnings("unchecked")
    private <T> void bindToItsClass(T instance) {
      bind(instance).to((Class<T>) instance.getClass());
    }
  }
}
