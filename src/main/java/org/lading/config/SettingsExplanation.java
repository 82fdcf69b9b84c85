package org.lading.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.api.create.CreateSettings;
import org.lading.config.SettingsTable.Row;
import org.lading.root.filesystem.FilesystemRootSettings;

/** Tells of each setting in effect its value, where that comes from, and what it means. */
final class SettingsExplanation {
  /** What the name of a setting has whose value is nobody's business. */
  private static final Pattern SECRET = Pattern.compile("pass|secret|token|key|users|digest");

  private static final String HIDDEN = "(set)";
  private static final String REQUIRED = "required";
  private static final String ITEM = "[]";

  /** The parameters of a JDBC URL, which may have a password, or a user's before the host. */
  private static final Pattern PARAMETERS = Pattern.compile("\\?.*|(?<=//)[^/@]*@");

  private final String file;
  private final Map<String, String> dependentDefaults;
  private final Consumer<String> lines;

  private SettingsExplanation(
      String file, Map<String, String> dependentDefaults, Consumer<String> lines) {
    this.file = file;
    this.dependentDefaults = dependentDefaults;
    this.lines = lines;
  }

  /** Gives a line for each setting of a file without faults; no line has a secret. */
  static void print(Examination examined, Configuration configuration, Consumer<String> lines) {
    SectionReader top = examined.section();
    if (top != null) {
      new SettingsExplanation(examined.file(), dependentDefaults(configuration), lines)
          .print(top, configuration);
    }
  }

  /** Returns the defaults that depend on other settings, so that no table has them. */
  private static Map<String, String> dependentDefaults(Configuration configuration) {
    Duration wait = configuration.create().defaultWait();
    return Map.of(
        "clients",
        clients(configuration),
        "names",
        configuration.manifest().names().name().toLowerCase(Locale.ROOT),
        "create_wait",
        wait.equals(CreateSettings.NO_LIMIT) ? "as long as it takes" : wait.toSeconds() + "s",
        "database.directory",
        configuration.database().directory().toString());
  }

  private static String clients(Configuration configuration) {
    return configuration.access().clients().all().isEmpty() ? "nobody" : "the users of auth";
  }

  private void print(SectionReader top, Configuration configuration) {
    List<Row> ofItems = new ArrayList<>();
    for (Row row : SettingsTable.rows()) {
      if (row.path().contains(ITEM)) {
        ofItems.add(row);
      } else {
        print(top, row, row.path());
      }
    }
    printItems(top, "roots", ofItems, configuration);
    printItems(top, "clients", ofItems, configuration);
  }

  private void printItems(
      SectionReader top, String list, List<Row> rows, Configuration configuration) {
    if (!top.isList(list)) {
      return;
    }
    List<SectionReader> items = top.sections(list);
    for (int i = 0; i < items.size(); i++) {
      for (Row row : rows) {
        String prefix = list + ITEM + ".";
        if (row.path().startsWith(prefix)
            && (!list.equals("roots") || isOfRoot(row, configuration, i))) {
          print(items.get(i), row, row.path().substring(prefix.length()));
        }
      }
    }
  }

  /** Tells whether a setting is one of a directory, or of a bucket, as the root is. */
  private static boolean isOfRoot(Row row, Configuration configuration, int index) {
    boolean isDirectory = configuration.roots().get(index) instanceof FilesystemRootSettings;
    return !row.meaning().startsWith(isDirectory ? "s3:" : "filesystem:")
        && !row.defaultValue().endsWith(isDirectory ? ", s3" : ", filesystem");
  }

  private void print(SectionReader section, Row row, String path) {
    int dot = path.indexOf('.');
    if (dot > 0) {
      print(section.section(path.substring(0, dot)), row, path.substring(dot + 1));
      return;
    }
    YamlValue.Field field = section.field(path);
    String given = field == null ? null : value(section, path, field);
    if (given != null && field != null) {
      tell(section.pathOf(path), given, file + ":" + field.line(), row);
    } else if (!row.defaultValue().startsWith(REQUIRED)) {
      String value = dependentDefaults.getOrDefault(row.path(), row.defaultValue());
      tell(section.pathOf(path), value, "default", row);
    }
  }

  private void tell(String path, String value, String source, Row row) {
    lines.accept("%s = %s (%s): %s".formatted(path, value, source, row.meaning()));
  }

  private static @Nullable String value(SectionReader section, String key, YamlValue.Field field) {
    if (SECRET.matcher(section.pathOf(key)).find()) {
      return HIDDEN;
    }
    if (field.value() instanceof YamlValue.Items items) {
      return items.values().stream().allMatch(YamlValue.Scalar.class::isInstance)
          ? String.valueOf(section.texts(key))
          : items.values().size() + " in the file";
    }
    if (field.value() instanceof YamlValue.Mapping mapping) {
      return String.valueOf(mapping.fields().keySet());
    }
    String text = section.text(key);
    return text == null ? null : PARAMETERS.matcher(text.strip()).replaceAll("");
  }
}
