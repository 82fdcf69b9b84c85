package org.lading.app;

import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.lading.config.Configuration;
import org.lading.config.DatabaseSettings;
import org.lading.config.SharedStorage;
import org.lading.root.RootSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application of the settings that hold, and those of the settings before until they have
 * nothing left to do. They share a database as several nodes do: the new one answers all requests
 * that come and takes all work of the queues, while what an earlier one has begun goes on there,
 * with the roots and clients that it had.
 */
final class Generations implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Generations.class);

  /** The maximum number of earlier applications: each has threads and connections of its own. */
  private static final int MAX_RETIRED = 4;

  private final ServletContext context;
  private final Surroundings surroundings;
  private final ChainServlet pages;
  private final LastingParts lasting;
  private final Deque<Generation> retired = new ArrayDeque<>();
  private @Nullable Generation current;
  private boolean isStopped;

  /** No record: the JDK remembers the class of the last record that was compared. */
  private static final class Generation {
    private final Configuration configuration;
    private final Application application;
    private final RequestChain chain;

    Generation(Configuration configuration, Application application, RequestChain chain) {
      this.configuration = configuration;
      this.application = application;
      this.chain = chain;
    }

    private void close() {
      chain.close();
      application.close();
    }

    private boolean closeIfIdle() {
      if (!application.isIdle() || !chain.closeIfIdle()) {
        return false;
      }
      application.close();
      return true;
    }
  }

  /**
   * Makes one without an application.
   *
   * @param pages passes the requests on
   * @param lasting is closed with it
   */
  Generations(
      ServletContext context, Surroundings surroundings, ChainServlet pages, LastingParts lasting) {
    this.context = context;
    this.surroundings = surroundings;
    this.pages = pages;
    this.lasting = lasting;
  }

  /** Returns what an application takes from outside its settings. */
  Surroundings surroundings() {
    return surroundings;
  }

  /** Returns what all applications have in common. */
  LastingParts lasting() {
    return lasting;
  }

  /**
   * Has an application with these settings answer all requests that come from now on; if it cannot
   * be made, leaves everything as it was.
   *
   * @param isGivenUp whether it is not wanted any more when it is there
   */
  void serve(Configuration configuration, Path file, BooleanSupplier isGivenUp) {
    try {
      Generation next = make(configuration);
      if (isGivenUp.getAsBoolean() || !isTaken(next)) {
        next.close();
        return;
      }
    } finally {
      if (lasting.isFirst()) {
        // Nothing serves, and the next attempt may be one with another database.
        lasting.closeDatabase();
      }
    }
    lasting.settings().took(file);
    log.info(
        "Lading serves {} as {} says",
        configuration.roots().stream().map(RootSettings::name).toList(),
        file);
    String shared = SharedStorage.advice(configuration);
    if (shared != null) {
      log.info("storage: {}", shared);
    }
  }

  private Generation make(Configuration configuration) {
    Application application =
        new Application(configuration, surroundings, context.getContextPath(), lasting);
    try {
      return new Generation(
          configuration,
          application,
          ServingChain.of(application, configuration.routes().corsOrigins(), context));
    } catch (RuntimeException | Error e) {
      application.close();
      throw e;
    }
  }

  private synchronized boolean isTaken(Generation next) {
    if (isStopped || !pages.replace(next.chain)) {
      return false;
    }
    lasting.use();
    next.application.takeOver(lasting);
    if (current != null) {
      current.application.retire();
      retired.add(current);
    }
    current = next;
    return true;
  }

  /** Returns whether an application answers requests. */
  synchronized boolean isServing() {
    return current != null;
  }

  /** Returns what of other settings cannot hold without a restart. */
  synchronized List<String> needRestart(Configuration next) {
    List<String> faults = new ArrayList<>();
    if (current != null) {
      Configuration now = current.configuration;
      if (!now.storage().equals(next.storage())) {
        faults.add("storage: is another one, which needs a restart");
      }
      if (!isSame(now.database(), next.database())) {
        faults.add("database: is another one, which needs a restart");
      }
    }
    return faults;
  }

  private static boolean isSame(DatabaseSettings one, DatabaseSettings other) {
    return one.directory().equals(other.directory())
        && Objects.equals(one.url(), other.url())
        && Objects.equals(one.user(), other.user())
        && Objects.equals(one.password(), other.password())
        && Objects.equals(one.jndi(), other.jndi());
  }

  /** Closes those of earlier applications that have nothing left to do, or are too many. */
  void closeIdle() {
    List<Generation> all;
    synchronized (this) {
      all = List.copyOf(retired);
    }
    for (Generation earlier : all) {
      if (earlier.closeIfIdle()) {
        remove(earlier);
      }
    }
    Generation oldest = oldestOfTooMany();
    if (oldest != null) {
      log.warn("The settings changed often: what goes on with the oldest ones is broken off");
      oldest.close();
      remove(oldest);
    }
  }

  private synchronized @Nullable Generation oldestOfTooMany() {
    return retired.size() > MAX_RETIRED ? retired.peekFirst() : null;
  }

  private synchronized void remove(Generation earlier) {
    retired.remove(earlier);
  }

  /** Waits until all is sent, for at most the time of the settings, or else the one given. */
  void drain(Duration unlessSet) {
    Duration limit = unlessSet;
    synchronized (this) {
      if (current != null) {
        limit = Objects.requireNonNullElse(current.configuration.drain(), unlessSet);
      }
    }
    Drain.await(() -> lasting.sending().running().size(), limit);
  }

  /** Closes all applications, and the database after them. */
  @Override
  public void close() {
    OpenedParts parts = new OpenedParts();
    parts.add(lasting);
    synchronized (this) {
      isStopped = true;
      if (current != null) {
        parts.add(current.application);
      }
      for (Generation earlier : retired) {
        parts.add(earlier.chain);
        parts.add(earlier.application);
      }
    }
    parts.close();
  }
}
