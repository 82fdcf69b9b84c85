package org.lading.deploy;

import java.nio.file.Path;

/** The WAR in Tomcat 10.1. */
class WarInTomcatIT extends WarContract {
  @Override
  Container start(Path directory) {
    return new TomcatContainer(directory);
  }
}
