package org.lading.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;
import org.lading.api.NginxSightings;
import org.lading.api.create.DeliveryFilter;
import org.lading.config.Configuration;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationFinder;
import org.lading.config.ConfigurationLoader;
import org.lading.cors.CorsFilter;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.health.HealthFilter;
import org.lading.health.Readiness;
import org.lading.http.ContainerErrorServlet;
import org.lading.http.ErrorReply;
import org.lading.http.PathFilter;
import org.lading.root.RootSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts Lading when the container starts the web application, and stops it when the container
 * stops the application.
 */
public final class LadingListener implements ServletContextListener {
  private static final Logger log = LoggerFactory.getLogger(LadingListener.class);

  private final Surroundings surroundings;
  private final Readiness readiness = new Readiness();
  private final NginxSightings sightings;
  private @Nullable Application application;

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
    addFilter(context, "paths", new PathFilter(), "/*");
    addFilter(context, "health", new HealthFilter(readiness, sightings::see), "/*");
    try {
      start(context);
    } catch (ConfigurationException e) {
      readiness.tell(Readiness.Part.SETTINGS, "The settings have faults");
      e.faults().forEach(fault -> log.error("Not configured: {}", fault));
      refuseEverything(
          context,
          "The settings have faults: the log names them, as does org.lading.config.Main --check");
    } catch (RuntimeException e) {
      log.error("Not started: {}", e.getMessage(), e);
      refuseEverything(context, "Lading has not started: the log tells why");
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    readiness.drain();
    if (application != null) {
      application.close();
    }
  }

  private void start(ServletContext context) {
    Path file =
        ConfigurationFinder.ofThisProcess()
            .find(context.getInitParameter(ConfigurationFinder.PROPERTY));
    Configuration configuration = ConfigurationLoader.load(file, System.getenv());
    readiness.tellReady(Readiness.Part.SETTINGS);
    Application started =
        new Application(
            configuration, surroundings, context.getContextPath(), readiness, sightings);
    application = started;
    addFilter(context, "cors", new CorsFilter(configuration.routes().corsOrigins()), "/*");
    for (Filter filter : started.frontFilters()) {
      addFilter(context, filter.getClass().getSimpleName(), filter, "/*");
    }
    ArchiveFilters archives = started.archiveFilters();
    addFilter(context, "links", archives.links(), "/*");
    addFilter(context, "downloads", archives.downloads(), "/*");
    addFilter(context, "delivery", new DeliveryFilter(), "/create/*", "/estimate/*");
    var jersey = context.addServlet("api", new ServletContainer(started.resources()));
    jersey.setAsyncSupported(true);
    jersey.addMapping("/*");
    jersey.setLoadOnStartup(1);
    context
        .addServlet("errors", new ContainerErrorServlet())
        .addMapping(ContainerErrorServlet.PATH);
    log.info(
        "Lading serves {} as {} says",
        configuration.roots().stream().map(RootSettings::name).toList(),
        file);
  }

  private static void addFilter(
      ServletContext context, String name, Filter filter, String... patterns) {
    var added = context.addFilter(name, filter);
    added.setAsyncSupported(true);
    added.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, patterns);
  }

  /** Answers all requests with {@code NOT_CONFIGURED}. */
  private static void refuseEverything(ServletContext context, String sentence) {
    context
        .addServlet(
            "not configured",
            new HttpServlet() {
              private static final long serialVersionUID = 1L;

              @Override
              protected void service(HttpServletRequest request, HttpServletResponse response)
                  throws IOException {
                ErrorReply.send(
                    request,
                    response,
                    new LadingException(ErrorCode.NOT_CONFIGURED, sentence),
                    "Lading");
              }
            })
        .addMapping("/*");
  }
}
