package org.lading.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpFilter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.api.NginxSightings;
import org.lading.config.Configuration;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationFinder;
import org.lading.config.ConfigurationLoader;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.health.HealthFilter;
import org.lading.health.Readiness;
import org.lading.http.ContainerErrorServlet;
import org.lading.http.PathFilter;
import org.lading.root.RootSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts Lading when the container starts the web application, and stops it when the container
 * stops the application. Until the application is there, all pages are answered by a refusal.
 */
public final class LadingListener implements ServletContextListener {
  private static final Logger log = LoggerFactory.getLogger(LadingListener.class);

  private final Surroundings surroundings;
  private final Readiness readiness = new Readiness();
  private final NginxSightings sightings;
  private final RefusalServlet refusal = new RefusalServlet(StartFault.starting("the application"));
  private final ChainServlet pages = new ChainServlet(refusal.chain());
  private @Nullable ApplicationStart start;
  private @Nullable Application application;
  private boolean isStopped;

  /** Makes a listener with the system clock; for the container. */
  public LadingListener() {
    this(Surroundings.on(Clock.systemUTC()));
  }

  /** Makes a listener of an application in the given surroundings. */
  public LadingListener(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.sightings = new NginxSightings(surroundings.clock());
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    register(context);
    try {
      Path file =
          ConfigurationFinder.ofThisProcess()
              .find(context.getInitParameter(ConfigurationFinder.PROPERTY));
      Configuration configuration = ConfigurationLoader.load(file, System.getenv());
      readiness.tellReady(Readiness.Part.SETTINGS);
      start =
          new ApplicationStart(
              () -> start(context, configuration, file), this::tell, surroundings.startPauses());
      start.begin();
    } catch (ConfigurationException e) {
      readiness.tell(Readiness.Part.SETTINGS, "The settings have faults");
      e.faults().forEach(fault -> log.error("Not configured: {}", fault));
      refusal.tell(
          new LadingException(
              ErrorCode.NOT_CONFIGURED,
              "The settings have faults: the log names them, as does org.lading.config.Main"
                  + " --check"));
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    readiness.drain();
    if (start != null) {
      start.close();
    }
    Application started;
    synchronized (this) {
      isStopped = true;
      started = application;
    }
    if (started != null) {
      started.close();
    }
  }

  /** Registers what sees all requests, since a container takes nothing more after its start. */
  private void register(ServletContext context) {
    addFilter(context, "paths", new PathFilter());
    addFilter(context, "health", new HealthFilter(readiness, sightings::see));
    var servlet = context.addServlet("pages", pages);
    servlet.setAsyncSupported(true);
    servlet.addMapping("/*");
    servlet.setLoadOnStartup(1);
    context
        .addServlet("errors", new ContainerErrorServlet())
        .addMapping(ContainerErrorServlet.PATH);
  }

  private static void addFilter(ServletContext context, String name, HttpFilter filter) {
    var added = context.addFilter(name, filter);
    added.setAsyncSupported(true);
    added.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
  }

  /** Has all requests, and who asks for the readiness, told why there is no application. */
  private void tell(StartFault fault) {
    LadingException failure = fault.failure();
    for (Readiness.Part part : List.of(Readiness.Part.DATABASE, Readiness.Part.STORAGE)) {
      boolean isMissing = part.word().equals(fault.part());
      readiness.tell(part, isMissing ? failure.sentence() : Readiness.NOT_THERE);
    }
    refusal.tell(failure);
  }

  private void start(ServletContext context, Configuration configuration, Path file) {
    Application started =
        new Application(
            configuration, surroundings, context.getContextPath(), readiness, sightings);
    RequestChain chain;
    try {
      chain = ServingChain.of(started, configuration.routes().corsOrigins(), context);
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
    if (!isTaken(started, chain)) {
      chain.close();
      started.close();
      return;
    }
    log.info(
        "Lading serves {} as {} says",
        configuration.roots().stream().map(RootSettings::name).toList(),
        file);
  }

  /** Has an application answer all requests, unless the container has stopped meanwhile. */
  private synchronized boolean isTaken(Application started, RequestChain chain) {
    if (isStopped || !pages.replace(chain)) {
      return false;
    }
    application = started;
    return true;
  }
}
