package org.lading.app;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.spi.AbstractContainerLifecycleListener;
import org.glassfish.jersey.server.spi.Container;
import org.glassfish.jersey.servlet.ServletProperties;
import org.lading.access.Access;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRouteFinder;
import org.lading.api.DownloadStatusResource;
import org.lading.api.EstimateWriter;
import org.lading.api.FailureMapper;
import org.lading.api.client.LimitsResource;
import org.lading.api.client.ListResource;
import org.lading.api.client.RemovalResource;
import org.lading.api.create.CreateAdmission;
import org.lading.api.create.CreateResource;
import org.lading.api.create.EstimateResource;
import org.lading.api.create.RepeatResource;
import org.lading.api.create.RequestChecks;
import org.lading.api.openapi.OpenApiResource;
import org.lading.base.BuildVersion;
import org.lading.config.Configuration;
import org.lading.download.DownloadService;
import org.lading.download.Transfers;
import org.lading.limit.ArchiveSlots;
import org.lading.limit.ClientLimits;
import org.lading.limit.Limits;
import org.lading.request.RootCheck;
import org.lading.root.RootSettings;
import org.lading.webhook.WebhookSubscriptions;

/** Makes the JAX-RS resources for a configuration, and configures Jersey for them. */
final class JerseyResources {
  private JerseyResources() {}

  /**
   * Makes the resources.
   *
   * @param estimates tells what creates would do
   * @param limits counts what clients ask for
   * @param transfers knows what this node is sending
   * @param largeCreates reads large request bodies
   */
  static List<Object> of(
      Configuration configuration,
      DownloadService downloads,
      ClientRouteFinder routes,
      Access access,
      CreateAdmission admission,
      Estimates estimates,
      Limits limits,
      Transfers transfers,
      Executor largeCreates) {
    AnswerWriter answers = new AnswerWriter(configuration.assembler(), transfers);
    RequestChecks checks =
        new RequestChecks(
            configuration.create().rules(),
            new RootCheck(
                configuration.roots().stream().map(RootSettings::name).collect(Collectors.toSet())),
            new WebhookSubscriptions(configuration.webhooks()));
    return List.of(
        new CreateResource(downloads, admission, checks, largeCreates, routes, answers),
        new EstimateResource(
            estimates.estimator(),
            admission,
            checks,
            largeCreates,
            estimates.slow(),
            routes,
            new EstimateWriter(configuration.assembler())),
        new RepeatResource(downloads, access, admission, largeCreates, routes, answers),
        new DownloadStatusResource(downloads, routes, answers),
        new RemovalResource(downloads, admission),
        new LimitsResource(
            limits, downloads, admission, ofDownloads(configuration), ofServer(configuration)),
        new ListResource(downloads, admission, routes, answers),
        new OpenApiResource(BuildVersion.OF_THIS_BUILD));
  }

  private static LimitsResource.DownloadLimits ofDownloads(Configuration configuration) {
    return new LimitsResource.DownloadLimits(
        configuration.manifest().maxEntries(),
        configuration.manifest().maxBytes(),
        configuration.create().rules().maxTargets(),
        configuration.create().maxBodyBytes());
  }

  private static LimitsResource.ServerLimits ofServer(Configuration configuration) {
    int archives = configuration.limits().archivesAtOnce();
    return new LimitsResource.ServerLimits(
        configuration.limits().bytesPerSecond(),
        archives == ArchiveSlots.UNBOUNDED ? ClientLimits.NONE : archives);
  }

  /**
   * Configures Jersey for resources.
   *
   * @param beforeStop runs when Jersey is about to stop, while it can still send answers
   */
  static ResourceConfig config(List<Object> resources, Runnable beforeStop) {
    ResourceConfig config =
        new ResourceConfig()
            // curl labels a body as a form by default; it is read as JSON all the same.
            .property(ServletProperties.QUERY_PARAMS_AS_FORM_PARAMS_DISABLED, true)
            .property(ServerProperties.WADL_FEATURE_DISABLE, true)
            // The location of a page has no host: a browser may know the server by another name.
            .property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true)
            .property(CommonProperties.PROVIDER_DEFAULT_DISABLE, "ALL")
            .register(new FailureMapper())
            .register(
                new AbstractContainerLifecycleListener() {
                  @Override
                  public void onShutdown(Container container) {
                    beforeStop.run();
                  }
                })
            .register(new InstanceBinder(resources));
    resources.forEach(resource -> config.register(resource.getClass()));
    return config;
  }

  /** Binds instances to their classes; Jersey would log a warning for registered instances. */
  private static final class InstanceBinder extends AbstractBinder {
    private final List<Object> instances;

    InstanceBinder(List<Object> instances) {
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
