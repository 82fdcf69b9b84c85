package org.lading.deploy;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * The parent class loader of web applications in a container that has nothing but itself and the
 * servlet API to offer: of the test class path only the given packages are seen, so that whatever
 * the WAR does not bring is missing.
 */
final class ContainerClasses extends ClassLoader {
  private final ClassLoader all = ContainerClasses.class.getClassLoader();
  private final List<String> packages;

  /** Shows the servlet API and these packages with all below them, each with a dot at its end. */
  ContainerClasses(String... packages) {
    super("container", ClassLoader.getPlatformClassLoader());
    this.packages = List.of(packages);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (isShown(name)) {
      return all.loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }

  @Override
  protected URL findResource(String name) {
    return isShown(name.replace('/', '.')) ? all.getResource(name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return isShown(name.replace('/', '.'))
        ? all.getResources(name)
        : Collections.emptyEnumeration();
  }

  private boolean isShown(String name) {
    return name.startsWith("jakarta.servlet.") || packages.stream().anyMatch(name::startsWith);
  }
}
