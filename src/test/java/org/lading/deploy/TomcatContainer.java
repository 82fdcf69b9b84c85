package org.lading.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.HostConfig;
import org.apache.catalina.startup.Tomcat;

/**
 * Tomcat with a directory of web applications and context descriptors, as it runs from its own
 * distribution, JNDI included. The configuration is named by a descriptor's {@code Environment}.
 */
final class TomcatContainer implements Container {
  private static final String[] NAMING_PROPERTIES = {
    "catalina.useNaming", "java.naming.factory.initial", "java.naming.factory.url.pkgs"
  };
  private static final int THREADS = 10;

  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <servlet>
          <servlet-name>default</servlet-name>
          <servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class>
          <load-on-startup>1</load-on-startup>
        </servlet>
        <servlet-mapping>
          <servlet-name>default</servlet-name>
          <url-pattern>/</url-pattern>
        </servlet-mapping>
      </web-app>
      """;

  // The defaults are named because the first Tomcat of a process decides for all where they lie;
  // the cleaning that Tomcat does by reflection is off, so that it cannot hide what is left.
  private static final String DESCRIPTOR =
      """
      <Context defaultWebXml="%s" clearReferencesThreadLocals="false" clearReferencesRmiTargets="false"
               clearReferencesObjectStreamClassCaches="false">
        %s
      </Context>
      """;
  private static final String ENVIRONMENT =
      "<Environment name=\"lading/config\" type=\"java.lang.String\" value=\"%s\"/>";

  private final Tomcat tomcat = new Tomcat();
  private final StandardHost host;
  private final HostConfig deployer = new HostConfig();
  private final Path webapps;
  private final String resources;

  /** Starts on a free loopback port, with everything it needs below the directory. */
  TomcatContainer(Path directory) {
    this(directory, "");
  }

  /**
   * As above, with resources for its applications.
   *
   * @param resources elements of a context descriptor
   * @param libraries packages that the container has for them, each with a dot at its end
   */
  TomcatContainer(Path directory, String resources, String... libraries) {
    this.resources = resources;
    try {
      webapps = Files.createDirectories(directory.resolve("webapps"));
      Files.createDirectories(directory.resolve("conf"));
      Files.writeString(directory.resolve("conf/web.xml"), WEB_XML);
      tomcat.setBaseDir(directory.toString());
      tomcat.setHostname("127.0.0.1");
      tomcat.setPort(0);
      tomcat.getConnector().setProperty("address", "127.0.0.1");
      tomcat.getConnector().setProperty("minSpareThreads", Integer.toString(THREADS));
      tomcat.getConnector().setProperty("maxThreads", Integer.toString(THREADS));
      tomcat.enableNaming();
      host = (StandardHost) tomcat.getHost();
      host.setAppBase("webapps");
      host.setParentClassLoader(
          new ContainerClasses(
              Stream.concat(
                      Stream.of(
                          "org.apache.catalina.",
                          "org.apache.coyote.",
                          "org.apache.juli.",
                          "org.apache.naming.",
                          "org.apache.tomcat."),
                      Stream.of(libraries))
                  .toArray(String[]::new)));
      host.addLifecycleListener(deployer);
      tomcat.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public URI address() {
    return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
  }

  @Override
  public Deployment deploy(String name, Path war, Path configuration) {
    Path descriptor = host.getConfigBaseFile().toPath().resolve(name + ".xml");
    Path deployed = webapps.resolve(name + ".war");
    // Tomcat looks for new applications itself now and then, and would find half of this one.
    if (!deployer.tryAddServiced("/" + name)) {
      throw new IllegalStateException(name + " is just being deployed");
    }
    try {
      Files.createDirectories(descriptor.getParent());
      Files.writeString(
          descriptor,
          DESCRIPTOR.formatted(
              webapps.resolveSibling("conf/web.xml"),
              (configuration == null ? "" : ENVIRONMENT.formatted(configuration)) + resources));
      Files.copy(war, deployed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deployer.removeServiced("/" + name);
    }
    deployer.check("/" + name);
    Context context = (Context) host.findChild("/" + name);
    if (context == null || context.getState() != LifecycleState.STARTED) {
      throw new IllegalStateException(name + " did not start: " + context);
    }
    return new TomcatDeployment(name, deployed);
  }

  @Override
  public boolean isOwn(Thread thread) {
    return thread.getName().startsWith("http-nio-") || thread.getName().startsWith("Catalina-");
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    } finally {
      for (String property : NAMING_PROPERTIES) {
        System.clearProperty(property);
      }
    }
  }

  /** Undeployed as an operator does it who removes the file. */
  private final class TomcatDeployment implements Deployment {
    private final String name;
    private final Path war;

    TomcatDeployment(String name, Path war) {
      this.name = name;
      this.war = war;
    }

    @Override
    public ClassLoader classLoader() {
      return ((Context) host.findChild("/" + name)).getLoader().getClassLoader();
    }

    @Override
    public void undeploy() {
      try {
        Files.delete(war);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      deployer.check("/" + name);
      if (host.findChild("/" + name) != null || Files.exists(webapps.resolve(name))) {
        throw new IllegalStateException(name + " was not undeployed");
      }
    }
  }
}
