package org.lading.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty with a collection of contexts that come and go while it runs, as its deployer has it. The
 * configuration is named by a context parameter.
 */
final class JettyContainer implements Container {
  private static final int THREADS = 10;

  private final Server server;
  private final ServerConnector connector;
  private final ContextHandlerCollection contexts = new ContextHandlerCollection();
  private final Path directory;

  /** Starts on a free loopback port, with everything it needs below the directory. */
  JettyContainer(Path directory) {
    this.directory = directory;
    this.server = new Server(new QueuedThreadPool(THREADS, THREADS));
    this.connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(contexts);
    LifeCycle.start(server);
  }

  @Override
  public URI address() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public Deployment deploy(String name, Path war, Path configuration) {
    WebAppContext context = new WebAppContext(war.toString(), "/" + name);
    try {
      Path temporary = Files.createDirectories(directory.resolve("work").resolve(name));
      context.setTempDirectory(temporary.toFile());
      WebAppClassLoader loader =
          new WebAppClassLoader(new ContainerClasses("org.eclipse.jetty."), context);
      context.setClassLoader(loader);
      // Otherwise a listener that fails is an application that answers 503 by itself.
      context.setThrowUnavailableOnStartupException(true);
      if (configuration != null) {
        context.setInitParameter("lading.config", configuration.toString());
      }
      contexts.addHandler(context);
      // A handler that comes to a running collection is otherwise not stopped with it.
      contexts.manage(context);
      LifeCycle.start(context);
      return new JettyDeployment(context, loader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isOwn(Thread thread) {
    String name = thread.getName();
    return name.startsWith("qtp") || name.contains("Scheduler-") || name.startsWith("Session-");
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
    server.destroy();
  }

  /** Lets go of context and class loader when it is undeployed. */
  private final class JettyDeployment implements Deployment {
    private WebAppContext context;
    private WebAppClassLoader loader;

    JettyDeployment(WebAppContext context, WebAppClassLoader loader) {
      this.context = context;
      this.loader = loader;
    }

    @Override
    public ClassLoader classLoader() {
      return loader;
    }

    @Override
    public void undeploy() {
      LifeCycle.stop(context);
      contexts.removeHandler(context);
      context.destroy();
      try {
        loader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      context = null;
      loader = null;
    }
  }
}
