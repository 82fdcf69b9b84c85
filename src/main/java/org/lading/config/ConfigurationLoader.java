package org.lading.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a configuration file. */
public final class ConfigurationLoader {
  /** The environment variable that chooses among the environments of one file. */
  public static final String ENVIRONMENT_VARIABLE = "LADING_ENV";

  private static final String DEFAULT_ENVIRONMENT = "production";
  private static final Logger log = LoggerFactory.getLogger(ConfigurationLoader.class);

  private ConfigurationLoader() {}

  /**
   * Loads the configuration of a file. Keys that are passed over are listed in one log line.
   *
   * @param environment the environment variables, for <code>${NAME}</code> and {@code LADING_ENV}
   * @throws ConfigurationException with all faults of the file
   */
  public static Configuration load(Path file, Map<String, String> environment) {
    Examination examined = examine(file, environment);
    Configuration configuration = examined.configuration();
    if (configuration == null) {
      throw new ConfigurationException(examined.faults());
    }
    if (!examined.passedKeys().isEmpty()) {
      log.info(
          "Settings that mean nothing to Lading were passed over: {}",
          examined.passedKeys().stream().map(PassedKeys.PassedKey::path).toList());
    }
    String advice = MoveAdvice.forLog(examined);
    if (advice != null) {
      log.info("These settings come from medusa-downloader: {}", advice);
    }
    return configuration;
  }

  /** Reads a file, and tells everything that was found in it; the log gets nothing. */
  static Examination examine(Path file, Map<String, String> environment) {
    Path absolute = file.toAbsolutePath();
    String name = String.valueOf(absolute.getFileName());
    FaultCollector faults = new FaultCollector(name);
    PassedKeys passedKeys = new PassedKeys();
    String text = read(absolute, faults);
    YamlValue top = text == null ? null : new YamlParser(faults).parse(text);
    SectionReader section = null;
    Configuration configuration = null;
    Path directory = absolute.getParent();
    if (top != null && directory != null) {
      YamlValue.Mapping settings = settings(top, environment, faults);
      if (settings != null) {
        EnvironmentInterpolation interpolation = new EnvironmentInterpolation(environment);
        ReadingContext context = new ReadingContext(directory, interpolation, faults, passedKeys);
        section = new SectionReader("", settings, context);
        configuration = new SettingsReader(section).read();
      }
    }
    List<String> all = faults.all();
    return new Examination(
        name, all, passedKeys.all(), all.isEmpty() ? configuration : null, section);
  }

  private static @Nullable String read(Path file, FaultCollector faults) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      faults.add("no such file: " + file);
    } catch (CharacterCodingException e) {
      faults.add("is not UTF-8");
    } catch (IOException e) {
      faults.add("cannot be read: " + e);
    }
    return null;
  }

  private static YamlValue.@Nullable Mapping settings(
      YamlValue value, Map<String, String> environment, FaultCollector faults) {
    if (!(value instanceof YamlValue.Mapping top)) {
      faults.add(value.line(), "", "must be a mapping of settings");
      return null;
    }
    if (top.fields().keySet().stream().anyMatch(SettingsReader.KEYS::contains)) {
      return top;
    }
    String chosen = environment.getOrDefault(ENVIRONMENT_VARIABLE, "");
    String name = chosen.isBlank() ? DEFAULT_ENVIRONMENT : chosen.strip();
    YamlValue.Field field = top.fields().get(name);
    if (field != null && field.value() instanceof YamlValue.Mapping settings) {
      return settings;
    }
    if (field != null) {
      faults.add(field.line(), name, "must be a mapping of settings");
      return null;
    }
    List<String> names =
        top.fields().entrySet().stream()
            .filter(entry -> entry.getValue().value() instanceof YamlValue.Mapping)
            .map(Map.Entry::getKey)
            .toList();
    faults.add(
        top.line(),
        "",
        "neither settings (roots, storage, ...) nor the environment %s; %s chooses one of: %s"
            .formatted(name, ENVIRONMENT_VARIABLE, String.join(", ", names)));
    return null;
  }
}
