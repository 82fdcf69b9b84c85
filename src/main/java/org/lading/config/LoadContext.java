package org.lading.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What reading one file needs everywhere: its directory, the environment and the faults so far. */
final class LoadContext {
  private final Path directory;
  private final EnvironmentInterpolation interpolation;
  private final FaultCollector faults;

  /** Relative paths are taken from the given absolute directory. */
  LoadContext(Path directory, Map<String, String> environment, FaultCollector faults) {
    this.directory = directory;
    this.interpolation = new EnvironmentInterpolation(environment);
    this.faults = faults;
  }

  /** Adds a fault; see {@link FaultCollector#add(int, String, String)}. */
  void fault(int line, String path, String message) {
    faults.add(line, path, message);
  }

  /** An absolute path from a setting's text. */
  Path resolve(String text) {
    return directory.resolve(text).normalize();
  }

  /** The value as text with the environment put in; null if null or blank. */
  @Nullable String text(YamlValue value) throws EnvironmentInterpolation.Failure {
    if (!(value instanceof YamlValue.Scalar scalar)) {
      throw new EnvironmentInterpolation.Failure("must be a single value");
    }
    if (scalar.text() == null) {
      return null;
    }
    String text = interpolation.apply(scalar.text());
    return text.isBlank() ? null : text;
  }

  /** The mappings of a sequence, each with the path of its place. */
  List<SettingsSection> sections(YamlValue value, String path) {
    List<SettingsSection> sections = new ArrayList<>();
    if (value instanceof YamlValue.Items items) {
      for (int i = 0; i < items.values().size(); i++) {
        YamlValue item = items.values().get(i);
        String place = path + "[" + i + "]";
        if (item instanceof YamlValue.Mapping mapping) {
          sections.add(new SettingsSection(place, mapping, this));
        } else {
          fault(item.line(), place, "must be a mapping of settings");
        }
      }
    } else {
      fault(value.line(), path, "must be a list");
    }
    return sections;
  }
}
