package org.lading.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.spi.AbstractContainerLifecycleListener;
import org.glassfish.jersey.server.spi.Container;
import org.glassfish.jersey.servlet.ServletProperties;
import org.jspecify.annotations.Nullable;
import org.lading.api.AnswerJson;
import org.lading.api.AssemblerChoice;
import org.lading.api.DownloadStatusResource;
import org.lading.api.DownloadUrls;
import org.lading.api.FailureMapper;
import org.lading.api.HelpResource;
import org.lading.api.MetricsResource;
import org.lading.api.StatusResource;
import org.lading.api.create.CreateAuthorization;
import org.lading.api.create.CreateResource;
import org.lading.config.ClientsConfiguration;
import org.lading.config.Configuration;
import org.lading.download.DownloadService;
import org.lading.metrics.Metrics;
import org.lading.root.RootSettings;

/** The JAX-RS resources of a configuration. */
final class JerseyResources {
  private final Configuration configuration;

  JerseyResources(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * The resources, for Jersey.
   *
   * @param beforeEnd what to do when Jersey is about to end, and can still answer
   * @param spool a directory of this node for large request bodies while they are read
   */
  ResourceConfig config(
      DownloadService downloads,
      StatusResource status,
      Metrics metrics,
      Runnable beforeEnd,
      Path spool) {
    DownloadUrls urls =
        new DownloadUrls(
            configuration.nginxUrl() == null ? null : configuration.nginxUrl().toString());
    AnswerJson answers = new AnswerJson(assembler());
    Set<String> names =
        configuration.roots().stream().map(RootSettings::name).collect(Collectors.toSet());
    List<Object> resources =
        List.of(
            new CreateResource(
                downloads,
                access(configuration.clients()),
                names,
                new CreateResource.Limits(
                    configuration.limits().bodyBytes(),
                    configuration.limits().targets(),
                    spool,
                    configuration.createWait()),
                urls,
                answers,
                metrics),
            new MetricsResource(metrics),
            new DownloadStatusResource(downloads, urls, answers),
            status,
            new HelpResource());
    ResourceConfig config =
        new ResourceConfig()
            // A create request sent as a form, which is curl's habit, is read as JSON all the same.
            .property(ServletProperties.QUERY_PARAMS_AS_FORM_PARAMS_DISABLED, true)
            .property(ServerProperties.WADL_FEATURE_DISABLE, true)
            .property(CommonProperties.PROVIDER_DEFAULT_DISABLE, "ALL")
            .register(new FailureMapper())
            .register(
                new AbstractContainerLifecycleListener() {
                  @Override
                  public void onShutdown(Container container) {
                    beforeEnd.run();
                  }
                })
            .register(new Instances(resources));
    resources.forEach(resource -> config.register(resource.getClass()));
    return config;
  }

  private AssemblerChoice assembler() {
    return switch (configuration.assembler()) {
      case AUTO -> AssemblerChoice.auto(configuration.modZipMaxEntries());
      case MOD_ZIP -> AssemblerChoice.modZip();
      case EMBEDDED -> AssemblerChoice.embedded();
    };
  }

  private static CreateAuthorization access(ClientsConfiguration clients) {
    if (clients.open()) {
      return CreateAuthorization.open();
    }
    return CreateAuthorization.of(
        clients.list().stream()
            .map(
                c ->
                    new CreateAuthorization.AuthorizedClient(
                        c.name(), c.tokenSha256(), setOrNull(c.roots())))
            .toList());
  }

  private static @Nullable Set<String> setOrNull(@Nullable List<String> names) {
    return names == null ? null : Set.copyOf(names);
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
