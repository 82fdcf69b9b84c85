package org.lading.testing;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** Java classes from a document, compiled, and each served by a Tomcat of its own. */
public final class JavaSnippets implements AutoCloseable {
  private final Path directory;
  private final Map<String, Object> settings;
  private final URLClassLoader classes;

  /**
   * Compiles them.
   *
   * @param settings what the classes find as context parameters, or as values of Spring
   */
  public JavaSnippets(Path directory, List<Path> sources, Map<String, Object> settings)
      throws IOException {
    this.directory = directory;
    this.settings = settings;
    Path output = Files.createDirectories(directory.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d", output.toString(), "-proc:none", "-cp", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new AssertionError("the classes do not compile: " + sources);
      }
    }
    this.classes =
        new URLClassLoader(new URL[] {output.toUri().toURL()}, getClass().getClassLoader());
  }

  /** Serves a servlet at {@code /portal/*} of a port, until it is closed. */
  public AutoCloseable serveServlet(String name, int port) throws Exception {
    HttpServlet servlet =
        (HttpServlet) classes.loadClass(name).getDeclaredConstructor().newInstance();
    return serve(servlet, "/portal/*", port);
  }

  /** Serves a controller of Spring at a port, until it is closed. */
  public AutoCloseable serveSpring(String name, int port) throws Exception {
    AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
    context.setClassLoader(classes);
    context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", settings));
    context.register(classes.loadClass(name));
    return serve(new DispatcherServlet(context), "/", port);
  }

  private AutoCloseable serve(HttpServlet servlet, String pattern, int port)
      throws IOException, LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createDirectories(directory.resolve("tomcat" + port)).toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", directory.toString());
    settings.forEach((name, value) -> context.addParameter(name, value.toString()));
    Wrapper snippet = Tomcat.addServlet(context, "snippet", servlet);
    snippet.setLoadOnStartup(1);
    snippet.addMapping(pattern);
    tomcat.start();
    return () -> {
      tomcat.stop();
      tomcat.destroy();
    };
  }

  @Override
  public void close() throws IOException {
    classes.close();
  }
}
