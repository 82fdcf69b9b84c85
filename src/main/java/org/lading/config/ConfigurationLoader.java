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

/** Loads a configuration file. */
public final class ConfigurationLoader {
  /** The environment variable that chooses among the environments of one file. */
  public static final String ENVIRONMENT_VARIABLE = "LADING_ENV";

  private static final String DEFAULT_ENVIRONMENT = "production";

  private ConfigurationLoader() {}

  /**
   * Loads the configuration of a file. Keys of medusa-downloader that mean nothing here are listed
   * in one log line.
   *
   * @param environment the environment variables, for <code>${NAME}</code> and {@code LADING_ENV}
   * @throws ConfigurationException with all faults of the file
   */
  public static Configuration load(Path file, Map<String, String> environment) {
    Path absolute = file.toAbsolutePath();
    FaultCollector faults = new FaultCollector(String.valueOf(absolute.getFileName()));
    String text = read(absolute, faults);
    YamlValue top = text == null ? null : new YamlParser(faults).parse(text);
    Configuration configuration = null;
    if (top != null) {
      configuration = load(top, absolute, environment, faults);
    }
    faults.throwIfAny();
    if (configuration == null) {
      throw new IllegalStateException("no configuration and no fault in " + absolute);
    }
    return configuration;
  }

  private static @Nullable Configuration load(
      YamlValue top, Path file, Map<String, String> environment, FaultCollector faults) {
    if (!(top instanceof YamlValue.Mapping mapping)) {
      faults.add(top.line(), "", "must be a mapping of settings");
      return null;
    }
    YamlValue.Mapping settings = settings(mapping, environment, faults);
    Path directory = file.getParent();
    if (settings == null || directory == null) {
      return null;
    }
    return new SettingsReader(
            new SectionReader(
                "",
                settings,
                new ReadingContext(directory, new EnvironmentInterpolation(environment), faults)))
        .read();
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
      YamlValue.Mapping top, Map<String, String> environment, FaultCollector faults) {
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
