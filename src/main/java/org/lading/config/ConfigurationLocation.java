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

/** Finds the configuration file; the first place that names one decides. */
public final class ConfigurationLocation {
  /** The system property and servlet context parameter that name the file. */
  public static final String PROPERTY = "lading.config";

  /** The environment variable that names the file. */
  public static final String VARIABLE = "LADING_CONFIG";

  /** The JNDI name of the string that names the file. */
  public static final String JNDI_NAME = "java:comp/env/lading/config";

  private static final Path DEFAULT_FILE = Path.of("/etc/lading/lading.yml");
  private static final Logger log = LoggerFactory.getLogger(ConfigurationLocation.class);

  private final Lookup properties;
  private final Lookup variables;
  private final Lookup jndi;
  private final Path defaultFile;

  /** A place where values are kept by name. */
  @FunctionalInterface
  public interface Lookup {
    /** The value of that name, or null. */
    @Nullable String get(String name);
  }

  /** The given places in the order of their precedence; {@code defaultFile} need not exist. */
  public ConfigurationLocation(Lookup properties, Lookup variables, Lookup jndi, Path defaultFile) {
    this.properties = properties;
    this.variables = variables;
    this.jndi = jndi;
    this.defaultFile = defaultFile;
  }

  /** The places of the running process. */
  public static ConfigurationLocation ofThisProcess() {
    return new ConfigurationLocation(
        System::getProperty, System::getenv, ConfigurationLocation::lookUp, DEFAULT_FILE);
  }

  /**
   * The absolute path of the file.
   *
   * @param contextParameter the value of the servlet context parameter {@link #PROPERTY}, or null
   * @throws ConfigurationException if the named file does not exist, saying who named it; or if
   *     nothing names a file, saying where that was looked for
   */
  public Path find(@Nullable String contextParameter) {
    List<String> lookedAt = new ArrayList<>();
    for (Candidate source : sources(contextParameter)) {
      String named = source.lookup().get(source.name());
      if (named != null && !named.isBlank()) {
        return existing(named.strip(), source.description());
      }
      lookedAt.add(source.description());
    }
    if (Files.isRegularFile(defaultFile)) {
      return defaultFile.toAbsolutePath();
    }
    throw fault(
        "no configuration file: looked at %s, and for the file %s"
            .formatted(String.join(", ", lookedAt), defaultFile));
  }

  private List<Candidate> sources(@Nullable String contextParameter) {
    return List.of(
        new Candidate("system property " + PROPERTY, PROPERTY, properties),
        new Candidate("environment variable " + VARIABLE, VARIABLE, variables),
        new Candidate("JNDI " + JNDI_NAME, JNDI_NAME, jndi),
        new Candidate("servlet context parameter " + PROPERTY, PROPERTY, name -> contextParameter));
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

  // The name is the constant above, so nobody can point the lookup elsewhere.
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

  private record Candidate(String description, String name, Lookup lookup) {}
}
