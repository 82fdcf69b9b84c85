package org.lading.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpFilter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.BuildVersion;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationFinder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.health.DrainFilter;
import org.lading.health.HealthFilter;
import org.lading.health.Readiness;
import org.lading.http.ContainerErrorServlet;
import org.lading.http.PathFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts Lading when the container starts the web application, and stops it when the container
 * stops the application. Until the application is there, all pages are answered by a refusal.
 */
public final class LadingListener implements ServletContextListener {
  private static final Logger log = LoggerFactory.getLogger(LadingListener.class);

  private final Surroundings surroundings;
  private final LastingParts lasting;
  private final RefusalServlet refusal = new RefusalServlet(StartFault.starting("the application"));
  private final ChainServlet pages = new ChainServlet(refusal.chain());
  private @Nullable SettingsFile settings;

  /** Makes a listener with the system clock; for the container. */
  public LadingListener() {
    this(Surroundings.ofNode(Clock.systemUTC()));
  }

  /** Makes a listener of an application in the given surroundings. */
  public LadingListener(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.lasting = new LastingParts(surroundings.clock());
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    log.info(
        "Lading {} starts, with Java {} in {}",
        BuildVersion.OF_THIS_BUILD,
        Runtime.version(),
        context.getServerInfo());
    register(context);
    Consumer<Duration> drain = this::drain;
    context.setAttribute(Drain.ATTRIBUTE, drain);
    try {
      Path file =
          ConfigurationFinder.ofThisProcess()
              .find(context.getInitParameter(ConfigurationFinder.PROPERTY));
      settings =
          new SettingsFile(
              file, new Generations(context, surroundings, pages, lasting), refusal::tell);
      settings.begin();
    } catch (ConfigurationException e) {
      log.error("Not configured: {}", e.getMessage());
      lasting.readiness().tell(Readiness.Part.SETTINGS, "There is no settings file");
      refusal.tell(
          new LadingException(
              ErrorCode.NOT_CONFIGURED, "There is no settings file: the log tells why"));
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    if (!lasting.readiness().isDraining()) {
      drain(Duration.ZERO);
    }
    if (settings == null) {
      lasting.close();
    } else {
      settings.close();
    }
  }

  /**
   * Begins nothing new from now on, and waits until what is being sent has ended.
   *
   * @param unlessSet the time to wait at most where the settings say nothing
   */
  private void drain(Duration unlessSet) {
    lasting.readiness().drain();
    if (settings != null) {
      settings.drain(unlessSet);
    }
  }

  /** Registers what sees all requests, since a container takes nothing more after its start. */
  private void register(ServletContext context) {
    addFilter(context, "paths", new PathFilter());
    addFilter(context, "health", new HealthFilter(lasting.readiness(), lasting.sightings()::see));
    addFilter(context, "drain", new DrainFilter(lasting.readiness()));
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
}
