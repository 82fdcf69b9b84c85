package org.lading.deploy;

import java.net.URI;
import java.nio.file.Path;

/** A running servlet container that takes WAR files, as its operators would give them to it. */
interface Container extends AutoCloseable {
  /** Scheme, host and port. */
  URI address();

  /**
   * Deploys a WAR file at {@code /name} and returns when it has started.
   *
   * @param configuration the file that the container names to the application in its own way, or
   *     null to name none
   */
  Deployment deploy(String name, Path war, Path configuration);

  /** Whether this thread is one that the container started for itself. */
  boolean isOwn(Thread thread);

  @Override
  void close();

  /** A web application that runs. */
  interface Deployment {
    /** The class loader of the web application. */
    ClassLoader classLoader();

    /** Stops it and lets go of it. */
    void undeploy();
  }
}
