package org.lading.deploy;

import java.nio.file.Path;

/** The WAR in Jetty 12. */
class WarInJettyIT extends WarContract {
  @Override
  Container start(Path directory) {
    return new JettyContainer(directory);
  }
}
