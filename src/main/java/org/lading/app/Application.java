package org.lading.app;

import jakarta.servlet.http.HttpFilter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.glassfish.jersey.server.ResourceConfig;
import org.lading.access.ChallengeFilter;
import org.lading.access.Grant;
import org.lading.amqp.Amqp;
import org.lading.api.ClientRoute;
import org.lading.api.ClientRouteFinder;
import org.lading.archive.Archives;
import org.lading.archive.PrefetchBudget;
import org.lading.archive.StreamedArchiveLayout;
import org.lading.body.BodyFilter;
import org.lading.checksum.ChecksumLedger;
import org.lading.config.Configuration;
import org.lading.download.DownloadChanges;
import org.lading.download.DownloadParts;
import org.lading.download.DownloadPreparer;
import org.lading.download.DownloadService;
import org.lading.download.EntryCursors;
import org.lading.download.ExpiredDownloadRemover;
import org.lading.download.FairQueue;
import org.lading.download.Lane;
import org.lading.download.Leases;
import org.lading.download.PreparationWaiters;
import org.lading.download.TotalsCounter;
import org.lading.download.Transfers;
import org.lading.download.Visitors;
import org.lading.download.link.LinkService;
import org.lading.event.Sender;
import org.lading.health.HealthMonitor;
import org.lading.http.ArchiveReply;
import org.lading.http.EntryReply;
import org.lading.http.ManifestReply;
import org.lading.http.ModZipQuota;
import org.lading.http.SourceChecks;
import org.lading.job.JobScheduler;
import org.lading.limit.Limits;
import org.lading.limit.SendingLimits;
import org.lading.manifest.AssemblyPredictor;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredContents;
import org.lading.manifest.StoredFiles;
import org.lading.metrics.Metrics;
import org.lading.modzip.EntryLocations;
import org.lading.modzip.ModZipArchiveSizer;
import org.lading.root.Roots;
import org.lading.root.watch.RootWatch;
import org.lading.store.Database;
import org.lading.store.JdbcChecksumStore;
import org.lading.store.JdbcDownloadStore;
import org.lading.store.JdbcLinkStore;
import org.lading.store.JdbcLiteralStore;
import org.lading.store.JdbcOutbox;
import org.lading.store.JdbcSecret;

/** One running Lading: builds all parts from a configuration, and closes them. */
final class Application implements AutoCloseable {
  private static final long PREFETCH_BYTES =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final Duration POLL_PAUSE = Duration.ofMillis(500);
  private static final Duration BODY_PAUSE = Duration.ofSeconds(1);
  private static final Duration LOG_PAUSE = Duration.ofSeconds(5);
  private static final Duration LEDGER_DELAY = Duration.ofSeconds(1);

  private final Configuration configuration;
  private final Surroundings surroundings;
  private final String contextPath;
  private final boolean isFirst;
  private final NodeClock time;
  private final Clock clock;
  private final RootWatch watch;
  private final OpenedParts opened = new OpenedParts();
  private final NodeThreads threads =
      new NodeThreads(Lane.values().length * NodeJobs.MAX_PREPARATIONS);
  private final Metrics metrics;
  private final TransferMetrics transferMetrics;
  private final StoredFiles storedFiles;
  private final StoredContents contents;
  private final Roots roots;
  private final Database database;
  private final RootReports rootReports;
  private final JdbcDownloadStore store;
  private final JdbcChecksumStore checksums;
  private final ChecksumLedger ledger;
  private final AuditParts audit;
  private final DownloadParts parts;
  private final Leases leases;
  private final StoredDataChecks storedData;
  private final ExpiredDownloadRemover expiredRemover;
  private final Limits limits;
  private final FairQueue queue;
  private final JobScheduler jobs;
  private final DownloadService downloads;
  private final EventDelivery events;
  private final Transfers transfers;
  private final SendingLimits sending;
  private final ArchiveReply archives;
  private final BodyFilter bodies;
  private final HealthMonitor health;
  private final OperatorParts operators;
  private final ClientRouteFinder routes;
  private final AccessParts accessParts;
  private final Estimates estimates;
  private volatile boolean isStopping;

  /**
   * Opens the storage and the roots, and starts the tasks; if one cannot be opened, closes what was
   * opened. A root that does not answer does not prevent the start.
   *
   * @param lasting has what outlasts this application; the database is opened if it is the first
   */
  Application(
      Configuration configuration,
      Surroundings surroundings,
      String contextPath,
      LastingParts lasting) {
    this.contextPath = contextPath;
    this.configuration = configuration;
    this.isFirst = lasting.isFirst();
    this.metrics = lasting.metrics().successor();
    this.transferMetrics = new TransferMetrics(metrics);
    this.surroundings = surroundings;
    this.watch = new RootWatch(surroundings.limits(), surroundings.clock(), System::nanoTime);
    this.storedFiles = new StoredFiles(configuration.storage().resolve("content"));
    // Where the start fails, no thread that a part has used may stay.
    opened.add(() -> threads.awaitEnd(System.nanoTime()));
    try {
      OwnParts.openStorage(configuration, storedFiles);
      this.database = lasting.database(configuration.database());
      RootOpener opener = new RootOpener(configuration.storage(), watch, surroundings, metrics);
      this.roots = opened.add(new Roots(configuration.roots().stream().map(opener::open).toList()));
      this.rootReports = new RootReports(configuration.roots(), roots, watch);
      this.time = NodeClock.of(database, configuration.database().isEmbedded(), surroundings);
      this.clock = time.clock();
      this.contents =
          new StoredContents(
              storedFiles, new JdbcLiteralStore(database), configuration.manifest().literals());
      this.store = new JdbcDownloadStore(database, this::sendMessages);
      this.checksums = new JdbcChecksumStore(database, clock);
      this.ledger = opened.add(new ChecksumLedger(checksums, threads.timer(), LEDGER_DELAY));
      this.audit = opened.add(AuditParts.open(configuration, store, metrics, clock));
      this.parts =
          new DownloadParts(
              store,
              storedFiles,
              manifests(),
              new PreparationWaiters(store, System::nanoTime),
              new Visitors(store, Grant.PUBLIC),
              audit.events(),
              clock);
      this.leases = new Leases(store, clock);
      this.expiredRemover = new ExpiredDownloadRemover(parts);
      this.storedData =
          new StoredDataChecks(database, parts, expiredRemover, time, () -> isStopping);
      this.limits = LimitParts.limits(configuration.limits(), database, lasting.addresses(), clock);
      this.queue =
          new FairQueue(
              store, this::submit, clock, NodeJobs.MAX_PREPARATIONS, limits::maxPreparations);
      this.jobs = jobs();
      this.downloads =
          new DownloadService(
              parts, queue, this::runAnswer, surroundings.ids(), configuration.retentionDays());
      this.transfers = new Transfers(new DownloadChanges(parts)::noteFailure, clock);
      List.of(audit.events(), transferMetrics).forEach(transfers::add);
      this.events = events();
      this.sending =
          LimitParts.sending(
              configuration, limits, threads, metrics, lasting.sending().part(transfers), clock);
      this.archives = archives();
      this.accessParts = AccessParts.of(configuration, database, limits, clock, metrics);
      this.bodies = accessParts.bodies(configuration, threads.readers(), metrics, clock);
      LaneReport lanes = new LaneReport(jobs, store);
      HealthChecks checks =
          new HealthChecks(
              lasting.settings(), storedData, lanes, rootReports, events, configuration);
      this.health = checks.monitor(threads, clock);
      this.operators =
          new OperatorParts(configuration, metrics, lasting.sending(), lanes, threads, clock);
      operators.check(health, checks, lasting.sightings());
      this.routes = new ClientRouteFinder(configuration.routes(), lasting.sightings());
      this.estimates =
          Estimates.of(
              parts.manifests(), configuration.preparation(), threads, this::totalsCounter);
      ShutdownSequence shutdown =
          new ShutdownSequence(this::answerWaiters, jobs, events, threads, roots, watch, archives);
      opened.add(shutdown::run);
      registerMetrics(lasting);
      start();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Returns the filters before all that answer requests, in their order. */
  List<HttpFilter> frontFilters() {
    return List.of(audit.requests(), new ChallengeFilter(accessParts.authentication()), bodies);
  }

  /** Makes the filters that serve archives. */
  ArchiveFilters archiveFilters() {
    return new ArchiveFilters(
        configuration,
        downloads,
        new LinkService(
            parts,
            new JdbcLinkStore(database),
            queue,
            this::runAnswer,
            surroundings.ids(),
            configuration.links().reuse()),
        entryReplies(),
        archives,
        routes,
        new SourceChecks(new DownloadChanges(parts), threads.readers(), clock),
        metrics,
        accessParts,
        transfers);
  }

  private ArchiveFilters.EntryReplies entryReplies() {
    EntryLocations entries = new EntryLocations(JdbcSecret.of(database, "entries"));
    ModZipQuota quota = new ModZipQuota(audit.addresses(), limits, transferMetrics::handedOver);
    ManifestReply manifests = new ManifestReply(store, leases, roots, entries, contents, quota);
    return new ArchiveFilters.EntryReplies(
        manifests,
        new EntryReply(downloads, new EntryCursors(store, leases), entries, manifests, archives));
  }

  /** Makes the JAX-RS resources. */
  ResourceConfig resources() {
    List<Object> own =
        JerseyResources.of(
            configuration,
            downloads,
            routes,
            accessParts.access(),
            accessParts.admission(),
            estimates,
            limits,
            transfers,
            threads.largeCreates());
    List<Object> browsing =
        BrowseParts.resources(
            accessParts.access(),
            roots,
            downloads,
            routes,
            accessParts.admission(),
            threads.browsers());
    return JerseyResources.config(
        Stream.of(own, browsing, operators.pages()).flatMap(List::stream).toList(),
        this::answerWaiters);
  }

  /** Takes the place of the application before: the node's health and metrics are this one's. */
  void takeOver(LastingParts lasting) {
    HealthChecks.answer(lasting.readiness(), health);
    metrics.takeOver();
    opened.add(lasting.sending().add(transfers));
  }

  /** Begins no more work of the queues, which another application has taken over. */
  void retire() {
    jobs.retire();
    events.beginToStop();
    operators.retire();
    metrics.retire();
  }

  /** Returns whether no job is running. */
  boolean isIdle() {
    return jobs.running() == 0;
  }

  @Override
  public void close() {
    opened.close();
  }

  private ManifestService manifests() {
    return new ManifestService(
        roots, contents, configuration.manifest(), ledger, threads.prefetchers(), clock);
  }

  private ArchiveReply archives() {
    PrefetchBudget budget = new PrefetchBudget(threads.prefetchers(), PREFETCH_BYTES);
    return new ArchiveReply(
        leases,
        new Archives(store, roots, contents, budget, ledger),
        transfers,
        audit.addresses(),
        sending,
        threads.readers());
  }

  private JobScheduler jobs() {
    DownloadPreparer preparer =
        new DownloadPreparer(
            parts,
            threads.preparers(),
            configuration.preparation(),
            queue,
            this::totalsCounter,
            audit::settled);
    if (isOnlyOne()) {
      JobScheduler.releaseInterrupted(database.dataSource());
    }
    return new NodeJobs(queue, expiredRemover, checksums, clock)
        .scheduler(database, time.jobs(), preparer::prepare);
  }

  /** Returns whether nobody else, nor an application before in this process, uses the database. */
  private boolean isOnlyOne() {
    return isFirst && configuration.database().isEmbedded();
  }

  private TotalsCounter totalsCounter() {
    return new TotalsCounter(
        new ModZipArchiveSizer(), new StreamedArchiveLayout(), new AssemblyPredictor(roots));
  }

  private void submit(String id, Lane lane) {
    jobs.submit(id, lane);
  }

  private EventDelivery events() {
    JdbcOutbox outbox = new JdbcOutbox(database, this::sendMessages);
    Amqp amqp =
        MessageParts.amqp(
            configuration, downloads, limits, store, outbox, transfers, this::messageRoute, clock);
    List<Sender> webhooks = WebhookParts.senders(configuration, store, transfers, threads, clock);
    return EventDelivery.of(outbox, webhooks, amqp, threads.senders(), clock);
  }

  private ClientRoute messageRoute() {
    return routes.routeOfMessages(contextPath);
  }

  private void sendMessages() {
    events.delivery().wake();
  }

  private void registerMetrics(LastingParts lasting) {
    NodeMetrics node = new NodeMetrics(metrics, threads.readers(), clock);
    node.storage(configuration);
    node.database(store, events);
    node.ledger(ledger);
    node.jobs(jobs, store);
    rootReports.register(metrics, health);
    transferMetrics.register(lasting.sending());
    lasting.settings().register(metrics);
  }

  private void start() {
    PeriodicTasks tasks = new PeriodicTasks(threads.timer());
    tasks.repeat(POLL_PAUSE, parts.waiters()::poll);
    tasks.repeat(surroundings.renewalPause(), leases::renew);
    time.measure(tasks, surroundings.renewalPause(), metrics);
    tasks.repeat(LOG_PAUSE, database::shortenLog);
    tasks.repeat(BODY_PAUSE, database::endOutage);
    storedData.start(tasks, threads.readers(), isFirst);
    tasks.repeat(BODY_PAUSE, bodies::endSlow);
    operators.start(tasks);
    estimates.watch(tasks);
    events.start(tasks, isOnlyOne());
    new PeriodicTasks(threads.watch()).repeat(surroundings.limits().scanPause(), watch::scan);
    jobs.start();
  }

  /**
   * Answers all waiting clients on the calling thread: Jersey sends no answers after this method
   * has returned.
   */
  private void answerWaiters() {
    isStopping = true;
    parts.waiters().close();
    sending.slots().close();
  }

  private void runAnswer(Runnable answer) {
    if (isStopping) {
      answer.run();
    } else {
      threads.readers().execute(answer);
    }
  }
}
