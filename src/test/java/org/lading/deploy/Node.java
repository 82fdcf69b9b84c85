package org.lading.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lading.testing.JavaProcess;

/** The WAR in a container in a JVM of its own. */
final class Node {
  private Node() {}

  /**
   * Starts one.
   *
   * @param kind {@code tomcat} or {@code jetty}
   * @param directory where everything is that is this node's alone
   * @param configuration Lading's configuration file
   */
  static JavaProcess start(String kind, Path directory, Path configuration, String... jvmOptions)
      throws IOException {
    Files.createDirectories(directory);
    return JavaProcess.start(
        Node.class,
        List.of(
            kind, directory.toString(), System.getProperty("lading.war"), configuration.toString()),
        directory.resolve("node.log"),
        jvmOptions);
  }

  /** The process itself: serves until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory(Path.of(arguments[1]), "container");
    try (Container container =
        arguments[0].equals("tomcat")
            ? new TomcatContainer(directory)
            : new JettyContainer(directory)) {
      container.deploy("downloads", Path.of(arguments[2]), Path.of(arguments[3]));
      JavaProcess.serve(container.address().getPort());
    }
  }
}
