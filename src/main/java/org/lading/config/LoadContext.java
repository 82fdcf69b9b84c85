package org.lading.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The context in which one file is read: its directory, the environment and the faults so far. */
final class LoadContext {
  private final Path directory;
  private final EnvironmentInterpolation interpolation;
  private final FaultCollector faults;

  /** Makes a context; relative paths are resolved against the given absolute directory. */
  LoadContext(Path directory, Map<String, String> environment, FaultCollector faults) {
    this.directory = directory;
    this.interpolation = new EnvironmentInterpolation(environment);
    this.faults = faults;
  }

  /** Adds a fault; see {@link FaultCollector#add(int, String, String)}. */
  void fault(int line, String path, String message) {
    faults.add(line, path, message);
  }

  /** Resolves the path of a setting. */
  Path resolve(String text) {
    return directory.resolve(text).normalize();
  }

  /** Returns a value as text, with references replaced; null if it is null or blank. */
  @Nullable String text(YamlValue value) throws EnvironmentInterpolation.InvalidReferenceException {
    if (!(value instanceof YamlValue.Scalar scalar)) {
      throw new EnvironmentInterpolation.InvalidReferenceException("must be a single value");
    }
    if (scalar.text() == null) {
      return null;
    }
    String text = interpolation.apply(scalar.text());
    return text.isBlank() ? null : text;
  }

  /** Returns the sections of a sequence, each with its path. */
  List<SettingsSection> sections(YamlValue value, String path) {
    List<SettingsSection> sections = new ArrayList<>();
    if (value instanceof YamlValue.Items items) {
      for (int i = 0; i < items.values().size(); i++) {
        YamlValue item = items.values().get(i);
        String itemPath = path + "[" + i + "]";
        if (item instanceof YamlValue.Mapping mapping) {
          sections.add(new SettingsSection(itemPath, mapping, this));
        } else {
          fault(item.line(), itemPath, "must be a mapping of settings");
        }
      }
    } else {
      fault(value.line(), path, "must be a list");
    }
    return sections;
  }
}
