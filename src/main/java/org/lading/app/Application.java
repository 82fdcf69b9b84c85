package org.lading.app;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.glassfish.jersey.server.ResourceConfig;
import org.lading.api.StatusResource;
import org.lading.archive.Archives;
import org.lading.archive.PrefetchBudget;
import org.lading.archive.ZipArchiveLayout;
import org.lading.checksum.ChecksumLedger;
import org.lading.config.Configuration;
import org.lading.download.Download;
import org.lading.download.DownloadPreparer;
import org.lading.download.DownloadService;
import org.lading.download.Expiry;
import org.lading.download.Leases;
import org.lading.download.PreparationWaiters;
import org.lading.http.ArchiveReply;
import org.lading.http.DownloadFilter;
import org.lading.http.ManifestReply;
import org.lading.job.JobScheduler;
import org.lading.manifest.ChecksumSources;
import org.lading.manifest.EntryLimits;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredFiles;
import org.lading.metrics.Metrics;
import org.lading.modzip.ModZipArchiveSizer;
import org.lading.root.Root;
import org.lading.root.RootSettings;
import org.lading.root.Roots;
import org.lading.root.filesystem.FilesystemRoot;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3RootSettings;
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

  /** So many downloads are prepared at once: most of the time they wait for a store or a disk. */
  private static final int WORKERS = 16;

  private static final int UPKEEPERS = 2;
  private static final Duration TIME_FOR_STORES = Duration.ofSeconds(1);
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(3);
  private static final int TIMERS = 4;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RENEWAL = Duration.ofSeconds(10);
  private static final Duration LEDGER_DELAY = Duration.ofSeconds(1);
  private static final Duration EXPIRY_PAUSE = Duration.ofSeconds(10);
  private static final Duration UPKEEP_PAUSE = Duration.ofHours(1);
  private static final Duration UNUSED_CHECKSUMS = Duration.ofDays(90);

  private volatile boolean isEnding;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Configuration configuration;
  private final Clock clock;
  private final Metrics metrics = opened(new Metrics());
  private final StoredFiles storedFiles;
  private final Roots roots;
  private final JdbcDownloadStore store;
  private final JdbcChecksumStore checksums;
  private final ChecksumLedger ledger;
  private final PreparationWaiters outcomes;
  private final Leases leases;
  private final Expiry expiry;
  private final JobScheduler jobs;
  private final DownloadService downloads;
  private final ScheduledThreadPoolExecutor timer = ThreadPools.scheduling("lading-timer-", TIMERS);
  private final ThreadPoolExecutor readers = ThreadPools.growing("lading-reader-", READERS);
  private final ThreadPoolExecutor aheadReaders =
      ThreadPools.growing("lading-ahead-", AHEAD_READERS);
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
      this.roots = opened(new Roots(configuration.roots().stream().map(this::root).toList()));
      Database database = opened(database());
      this.store = new JdbcDownloadStore(database.jdbi());
      this.checksums = new JdbcChecksumStore(database.jdbi(), clock);
      this.ledger = opened(new ChecksumLedger(checksums, timer, LEDGER_DELAY));
      this.outcomes = new PreparationWaiters(store, System::nanoTime);
      this.leases = new Leases(store, clock);
      this.expiry = new Expiry(store, storedFiles, clock);
      ManifestService manifests = manifests();
      this.jobs = jobs(database, manifests);
      this.downloads = downloads(manifests, ids);
      this.archives =
          new ArchiveReply(
              downloads,
              new Archives(
                  downloads,
                  roots,
                  storedFiles,
                  new PrefetchBudget(aheadReaders, READ_AHEAD_BYTES),
                  ledger),
              readers,
              metrics.streamed());
      opened.push(this::stop);
      begin();
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
    return new JerseyResources(configuration)
        .config(downloads, status(), metrics, this::answerAll, spool);
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

  private Root root(RootSettings settings) {
    return settings instanceof FilesystemRootSettings directory
        ? new FilesystemRoot(directory)
        : new S3Root((S3RootSettings) settings, metrics::calledS3);
  }

  private ManifestService manifests() {
    return new ManifestService(
        roots,
        storedFiles,
        new EntryLimits(configuration.limits().entries(), configuration.limits().bytes()),
        configuration.emptyDirectories(),
        new ChecksumSources(ledger, aheadReaders, configuration.checksumBudget()),
        clock);
  }

  private DownloadService downloads(ManifestService manifests, Supplier<String> ids) {
    return new DownloadService(
        store,
        manifests,
        storedFiles,
        jobs,
        outcomes,
        leases,
        this::answer,
        ids,
        clock,
        configuration.retentionDays());
  }

  /** At the end here and now: Jersey writes nothing any more when this has returned. */
  private void answerAll() {
    isEnding = true;
    outcomes.close();
  }

  private void answer(Runnable work) {
    if (isEnding) {
      work.run();
    } else {
      readers.execute(work);
    }
  }

  private JobScheduler jobs(Database database, ManifestService manifests) {
    DownloadPreparer preparations =
        new DownloadPreparer(
            store,
            manifests,
            storedFiles,
            ModZipArchiveSizer::new,
            ZipArchiveLayout::new,
            outcomes,
            this::count,
            clock);
    if (isEmbedded()) {
      JobScheduler.takeBack(database.dataSource());
    }
    return new JobScheduler(
        database.dataSource(),
        preparations::prepare,
        List.of(
            new JobScheduler.Recurring("expiry", EXPIRY_PAUSE, this::expire),
            new JobScheduler.Recurring("orphans", UPKEEP_PAUSE, expiry::removeOrphans),
            new JobScheduler.Recurring("checksums", UPKEEP_PAUSE, this::forgetChecksums)),
        threads("lading-job-", WORKERS),
        threads("lading-upkeep-", UPKEEPERS));
  }

  private static JobScheduler.WorkerThreads threads(String name, int workers) {
    return new JobScheduler.WorkerThreads(
        ThreadPools.dropping(name, workers),
        workers,
        ThreadPools.growing(name + "due-", 1),
        ThreadPools.scheduling(name + "alive-", 2));
  }

  private void count(Download settled) {
    Instant started = settled.started();
    Instant ended = settled.settled();
    if (started != null && ended != null) {
      Duration time = Duration.between(started, ended);
      metrics.prepared(settled.state().word(), time, settled.totals().entries());
    }
  }

  private void expire(BooleanSupplier stopping) {
    expiry.removeDue(stopping);
    downloads.resubmit();
  }

  private void forgetChecksums(BooleanSupplier stopping) {
    checksums.forget(clock.instant().minus(UNUSED_CHECKSUMS), stopping);
  }

  private void begin() {
    again(outcomes::poll, POLL);
    again(leases::renew, RENEWAL);
    if (isEmbedded()) {
      // Which finds out, and mends it, if a write has failed and the database stopped.
      again(store::check, RENEWAL);
    }
    metrics.gauge(
        "lading.archives.active", "Archives that are being sent by this node", leases::readers);
    metrics.gauge("lading.jobs.active", "Jobs that run on this node", jobs::running);
    String lookups = "Checksums that were looked up in the ledger";
    metrics.counter("lading.ledger.lookups", lookups, ledger::hits, "result", "hit");
    metrics.counter("lading.ledger.lookups", lookups, ledger::misses, "result", "miss");
    jobs.start();
  }

  /** Whatever fails is tried again: even memory that ran out may be there the next time. */
  private void again(Runnable work, Duration pause) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (Throwable e) {
            log.warn("What is done again and again failed this time", e);
          }
        };
    Future<?> unused =
        timer.scheduleWithFixedDelay(guarded, pause.toMillis(), pause.toMillis(), MILLISECONDS);
  }

  /**
   * Lets what is running come to an end, or be left to others; then closes the roots, which ends
   * what waits for a store. Only what still runs after that is interrupted: an interruption in the
   * middle of a write would close an embedded database under everybody else.
   */
  private void stop() throws InterruptedException {
    answerAll();
    jobs.beginToStop();
    timer.shutdown();
    readers.shutdown();
    aheadReaders.shutdown();
    jobs.awaitEnd(TIME_FOR_STORES);
    roots.close();
    jobs.awaitEnd(TIME_TO_STOP);
    end(aheadReaders);
    end(readers);
    jobs.close();
    archives.close();
    end(timer);
  }

  /** Waits, since a container that looks right after this reports threads as leaks. */
  private static void end(ThreadPoolExecutor pool) throws InterruptedException {
    if (pool.awaitTermination(TIME_TO_STOP.toNanos(), NANOSECONDS)) {
      return;
    }
    for (Runnable dropped : pool.shutdownNow()) {
      // Somebody may wait for it.
      if (dropped instanceof Future<?> question) {
        question.cancel(false);
      }
    }
    if (!pool.awaitTermination(TIME_TO_STOP.toNanos(), NANOSECONDS)) {
      log.warn("Threads are still at work");
    }
  }

  private StatusResource status() {
    Map<String, Supplier<Map<String, Object>>> checks = new LinkedHashMap<>();
    checks.put("database", checked(store::check));
    checks.put("scheduler", checked(jobs::check));
    checks.put("storage", () -> Map.of("free_bytes", storedFiles.requireRoom()));
    roots.all().forEach(root -> checks.put("root " + root.name(), checked(root::check)));
    return new StatusResource(
        Version.OF_THIS_BUILD, checks, new StatusResource.ProbeThreads(readers, timer), clock);
  }

  private static Supplier<Map<String, Object>> checked(Runnable check) {
    return () -> {
      check.run();
      return Map.of();
    };
  }

  private Database database() {
    org.lading.config.DatabaseConfiguration settings = configuration.database();
    String jndi = settings.jndi();
    if (jndi != null) {
      return Database.using(dataSource(jndi));
    }
    String url = settings.url();
    return isEmbedded()
        ? Database.openEmbedded(configuration.storage().resolve("database"))
        : Database.open(Objects.requireNonNull(url), settings.user(), settings.password());
  }

  /** Whether no other process can have the database open. */
  private boolean isEmbedded() {
    return configuration.database().jndi() == null && configuration.database().url() == null;
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

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }
}
