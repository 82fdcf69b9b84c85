package org.lading.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the configuration file: of several sources that may name it, the first that has a value
 * decides.
 */
public final class ConfigurationFinder {
  /** The system property and servlet context parameter that name the file. */
  public static final String PROPERTY = "lading.config";

  /** The environment variable that names the file. */
  public static final String VARIABLE = "LADING_CONFIG";

  /** The JNDI name of the string that names the file. */
  public static final String JNDI_NAME = "java:comp/env/lading/config";

  private static final Path DEFAULT_FILE = Path.of("/etc/lading/lading.yml");
  private static final Logger log = LoggerFactory.getLogger(ConfigurationFinder.class);

  private final Lookup properties;
  private final Lookup variables;
  private final Lookup jndi;
  private final Path defaultFile;

  /** A source of values by name. */
  @FunctionalInterface
  public interface Lookup {
    /** Returns the value of a name, or null. */
    @Nullable String get(String name);
  }

  /**
   * Makes a finder that asks the given sources, in order of precedence; {@code defaultFile} need
   * not exist.
   */
  public ConfigurationFinder(Lookup properties, Lookup variables, Lookup jndi, Path defaultFile) {
    this.properties = properties;
    this.variables = variables;
    this.jndi = jndi;
    this.defaultFile = defaultFile;
  }

  /** Makes a finder that asks the sources of the running process. */
  public static ConfigurationFinder ofThisProcess() {
    return new ConfigurationFinder(
        System::getProperty, System::getenv, ConfigurationFinder::lookUp, DEFAULT_FILE);
  }

  /**
   * Returns the absolute path of the file.
   *
   * @param contextParameter the value of the servlet context parameter {@link #PROPERTY}, or null
   * @throws ConfigurationException if the named file does not exist, with the source that names it;
   *     or if no source names a file, with all sources
   */
  public Path find(@Nullable String contextParameter) {
    List<String> descriptions = new ArrayList<>();
    for (NamedSource source : sources(contextParameter)) {
      String named = source.lookup().get(source.name());
      if (named != null && !named.isBlank()) {
        return existing(named.strip(), source.description());
      }
      descriptions.add(source.description());
    }
    if (Files.isRegularFile(defaultFile)) {
      return defaultFile.toAbsolutePath();
    }
    throw fault(
        "no configuration file: looked at %s, and for the file %s"
            .formatted(String.join(", ", descriptions), defaultFile));
  }

  private List<NamedSource> sources(@Nullable String contextParameter) {
    return List.of(
        new NamedSource("system property " + PROPERTY, PROPERTY, properties),
        new NamedSource("environment variable " + VARIABLE, VARIABLE, variables),
        new NamedSource("JNDI " + JNDI_NAME, JNDI_NAME, jndi),
        new NamedSource(
            "servlet context parameter " + PROPERTY, PROPERTY, name -> contextParameter));
  }

  private static Path existing(String named, String origin) {
    try {
      Path file = Path.of(named).toAbsolutePath();
      if (Files.isRegularFile(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw fault("the file named by %s is not a path: %s".formatted(origin, e.getReason()));
    }
    throw fault("%s: no such file; it is named by %s".formatted(named, origin));
  }

  private static ConfigurationException fault(String sentence) {
    return new ConfigurationException(List.of(sentence));
  }

  // The name is the constant above, so that no input can choose another.
  @SuppressWarnings("BanJNDI")
  private static @Nullable String lookUp(String name) {
    try {
      Object value = new InitialContext().lookup(name);
      if (value instanceof String text) {
        return text;
      }
      throw fault("JNDI " + name + " is not a string");
    } catch (NameNotFoundException | NoInitialContextException e) {
      log.debug("JNDI has no {}", name, e);
      return null;
    } catch (NamingException e) {
      log.warn("JNDI could not be asked for {}", name, e);
      return null;
    }
  }

  /** A source, with the name of the value in it. */
  private record NamedSource(String description, String name, Lookup lookup) {}
}
