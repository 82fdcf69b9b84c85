package org.lading.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts that all readers of one file share.
 *
 * @param directory the absolute directory against which relative paths are resolved
 * @param interpolation replaces references to environment variables
 * @param faults collects the faults of the file
 * @param passedKeys collects the keys that are passed over
 */
record ReadingContext(
    Path directory,
    EnvironmentInterpolation interpolation,
    FaultCollector faults,
    PassedKeys passedKeys) {
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
  List<SectionReader> sections(YamlValue value, String path) {
    List<SectionReader> sections = new ArrayList<>();
    if (value instanceof YamlValue.Items items) {
      for (int i = 0; i < items.values().size(); i++) {
        YamlValue item = items.values().get(i);
        String itemPath = path + "[" + i + "]";
        if (item instanceof YamlValue.Mapping mapping) {
          sections.add(new SectionReader(itemPath, mapping, this));
        } else {
          faults.add(item.line(), itemPath, "must be a mapping of settings");
        }
      }
    } else {
      faults.add(value.line(), path, "must be a list");
    }
    return sections;
  }
}
