package org.lading.app;

import java.util.List;
import java.util.concurrent.Executor;
import org.lading.access.Access;
import org.lading.api.ClientRouteFinder;
import org.lading.api.create.CreateAdmission;
import org.lading.body.BodyPolicy;
import org.lading.browse.BrowseAdmission;
import org.lading.browse.BrowseResource;
import org.lading.browse.BrowseThreads;
import org.lading.browse.RootListResource;
import org.lading.config.Configuration;
import org.lading.download.DownloadService;
import org.lading.root.Roots;

/** Makes the parts of the pages to browse. */
final class BrowseParts {
  private BrowseParts() {}

  /** Makes the policy that lets their forms through, and leaves other bodies to the admission. */
  static BodyPolicy policy(Configuration configuration, Access access, CreateAdmission admission) {
    return new BrowseAdmission(
        access, admission.origins(), configuration.create().maxBodyBytes(), admission);
  }

  /**
   * Makes the JAX-RS resources.
   *
   * @param browsers reads directories
   */
  static List<Object> resources(
      Access access,
      Roots roots,
      DownloadService downloads,
      ClientRouteFinder routes,
      CreateAdmission admission,
      Executor browsers) {
    return List.of(
        new BrowseResource(
            roots, access, downloads, new BrowseThreads(browsers), routes, admission),
        new RootListResource(roots, access, routes));
  }
}
