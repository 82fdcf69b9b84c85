package org.lading.app;

import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;
import org.lading.api.Origin;
import org.lading.api.create.DeliveryFilter;
import org.lading.app.RequestChain.Step;
import org.lading.cors.CorsFilter;

/** Makes the chain of an application: its filters in their order, and Jersey after them. */
final class ServingChain {
  private ServingChain() {}

  /** Makes the chain, which knows the pages of the application. */
  static RequestChain of(
      Application application, List<Origin> corsOrigins, ServletContext context) {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.ofAll(new CorsFilter(corsOrigins)));
    application.frontFilters().forEach(filter -> steps.add(Step.ofAll(filter)));
    ArchiveFilters archives = application.archiveFilters();
    steps.add(Step.ofAll(archives.links()));
    steps.add(Step.ofAll(archives.downloads()));
    steps.add(new Step(new DeliveryFilter(), List.of("/create", "/estimate")));
    ServletContainer jersey = new ServletContainer(application.resources());
    try {
      jersey.init(new JerseyConfig(context));
    } catch (ServletException e) {
      throw new IllegalStateException("Jersey does not start", e);
    }
    return new RequestChain(steps, jersey);
  }

  private record JerseyConfig(ServletContext context) implements ServletConfig {
    @Override
    public String getServletName() {
      return "api";
    }

    @Override
    public ServletContext getServletContext() {
      return context;
    }

    @Override
    public @Nullable String getInitParameter(String name) {
      return null;
    }

    @Override
    public Enumeration<String> getInitParameterNames() {
      return Collections.emptyEnumeration();
    }
  }
}
