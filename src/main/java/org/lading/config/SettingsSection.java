package org.lading.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of one mapping. A setting that is absent, null or blank reads as its default; one
 * that is wrong adds a fault and reads as its default too, so that reading goes on.
 */
final class SettingsSection {
  private final String path;
  private final YamlValue.Mapping mapping;
  private final LoadContext reading;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> faulty = new HashSet<>();

  /** The mapping at a path such as {@code roots[1]}; the path of the whole file is empty. */
  SettingsSection(String path, YamlValue.Mapping mapping, LoadContext reading) {
    this.path = path;
    this.mapping = mapping;
    this.reading = reading;
  }

  /** The field, unless absent or null; from then on its key counts as known. */
  YamlValue.@Nullable Field field(String key) {
    known.add(key);
    YamlValue.Field field = mapping.fields().get(key);
    return field == null || field.isNull() ? null : field;
  }

  /** Whether the key is there with a value, which may still turn out blank. */
  boolean has(String key) {
    return field(key) != null;
  }

  /** Adds a fault at a key, or at the mapping if the key is absent. */
  void fault(String key, String message) {
    faulty.add(key);
    YamlValue.Field field = mapping.fields().get(key);
    reading.fault(field == null ? mapping.line() : field.line(), place(key), message);
  }

  /** Adds a fault of the mapping as a whole. */
  void fault(String message) {
    reading.fault(mapping.line(), path, message);
  }

  /** The setting's text, or null. */
  @Nullable String text(String key) {
    YamlValue.Field field = field(key);
    if (field == null) {
      return null;
    }
    try {
      return reading.text(field.value());
    } catch (EnvironmentInterpolation.Failure e) {
      fault(key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** The setting's text; its absence is a fault, and reads as "". */
  String required(String key) {
    YamlValue.Field field = field(key);
    String text = text(key);
    if (field == null) {
      fault(key, "is required");
    } else if (text == null && !isFaulty(key)) {
      fault(key, "must not be empty");
    }
    return text == null ? "" : text;
  }

  /** Whether the key already has a fault, so that its absence as a value needs no second one. */
  boolean isFaulty(String key) {
    return faulty.contains(key);
  }

  /** Whether the key holds a list with nothing in it. */
  boolean isEmptyList(String key) {
    YamlValue.Field field = mapping.fields().get(key);
    return field != null
        && field.value() instanceof YamlValue.Items items
        && items.values().isEmpty();
  }

  /** True or false in YAML's words for them. */
  boolean flag(String key, boolean otherwise) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> {
        fault(key, "must be true or false");
        yield otherwise;
      }
    };
  }

  /** A whole number within bounds, both included. */
  long number(String key, long otherwise, long min, long max) {
    String text = text(key);
    return text == null
        ? otherwise
        : checked(key, QuantityParser.number(text), "a whole number", otherwise, min, max);
  }

  /** Bytes, at least 1. */
  long size(String key, long otherwise) {
    String text = text(key);
    return text == null
        ? otherwise
        : checked(
            key,
            QuantityParser.bytes(text),
            "bytes, or a size like 64 MiB",
            otherwise,
            1,
            Long.MAX_VALUE);
  }

  private long checked(
      String key, @Nullable Long value, String form, long otherwise, long min, long max) {
    if (value == null) {
      fault(key, "must be " + form);
      return otherwise;
    }
    if (value < min || value > max) {
      fault(
          key,
          max == Long.MAX_VALUE ? "must be at least " + min : "must be from " + min + " to " + max);
      return otherwise;
    }
    return value;
  }

  /** A duration of whole seconds, between the given ones. */
  Duration duration(String key, Duration otherwise, Duration least, Duration most) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    Long seconds = QuantityParser.seconds(text);
    if (seconds == null) {
      fault(key, "must be seconds, or a time like 30m, 12h or 7d");
      return otherwise;
    }
    if (seconds < least.toSeconds() || seconds > most.toSeconds()) {
      fault(key, "must be from " + spoken(least) + " to " + spoken(most));
      return otherwise;
    }
    return Duration.ofSeconds(seconds);
  }

  private static String spoken(Duration duration) {
    if (duration.toDays() > 0) {
      return duration.toDays() + " days";
    }
    long seconds = duration.toSeconds();
    return seconds + (seconds == 1 ? " second" : " seconds");
  }

  /** One of an enumeration's words in lower case, also as a Ruby symbol. */
  <E extends Enum<E>> @Nullable E word(String key, Class<E> type) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    String word = text.startsWith(":") ? text.substring(1) : text;
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(word)) {
        return constant;
      }
    }
    fault(
        key,
        "must be one of "
            + Arrays.stream(type.getEnumConstants())
                .map(SettingsSection::word)
                .collect(Collectors.joining(", ")));
    return null;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** An absolute path, relative ones being taken from the file's directory; required. */
  Path requiredPath(String key) {
    String text = required(key);
    try {
      return reading.resolve(text);
    } catch (InvalidPathException e) {
      fault(key, "is not a path: " + e.getReason());
      return reading.resolve("");
    }
  }

  /** An absolute http or https URL without user, query and fragment; trailing slashes removed. */
  @Nullable URI url(String key) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      URI uri = new URI(text.strip().replaceFirst("/+$", ""));
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (uri.getHost() != null
          && (scheme.equals("http") || scheme.equals("https"))
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getPort() <= 65_535) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // The exception quotes the value, which may hold a password.
      fault(key, "is not a URL, at character " + (e.getIndex() + 1));
      return null;
    }
    fault(key, "must be http://HOST or https://HOST, with no user, query or fragment");
    return null;
  }

  /** The mapping under a key; an empty one if absent. */
  SettingsSection section(String key) {
    YamlValue.Field field = field(key);
    if (field != null && field.value() instanceof YamlValue.Mapping inner) {
      return new SettingsSection(place(key), inner, reading);
    }
    if (field != null) {
      fault(key, "must be a mapping of settings");
    }
    return new SettingsSection(
        place(key), new YamlValue.Mapping(mapping.line(), false, Map.of()), reading);
  }

  /** The mappings of the list under a key; none if absent. */
  List<SettingsSection> sections(String key) {
    YamlValue.Field field = field(key);
    return field == null ? List.of() : reading.sections(field.value(), place(key));
  }

  /** The texts of the list under a key, or null if absent. */
  @Nullable List<String> texts(String key) {
    YamlValue.Field field = field(key);
    if (field == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    if (field.value() instanceof YamlValue.Items items) {
      for (int i = 0; i < items.values().size(); i++) {
        String text = itemText(items.values().get(i), key + "[" + i + "]");
        if (text != null) {
          texts.add(text);
        }
      }
    } else {
      fault(key, "must be a list");
    }
    return texts;
  }

  private @Nullable String itemText(YamlValue item, String key) {
    try {
      return reading.text(item);
    } catch (EnvironmentInterpolation.Failure e) {
      reading.fault(item.line(), place(key), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Adds a fault for each key that nobody asked for and that is not in the given set. */
  void refuseUnknown(Set<String> ignored) {
    for (String key : mapping.fields().keySet()) {
      if (!known.contains(key) && !ignored.contains(key)) {
        String suggestion = SpellingSuggestion.of(key, known);
        fault(
            key, "unknown key" + (suggestion == null ? "" : "; did you mean " + suggestion + "?"));
      }
    }
  }

  /** The keys as they stand in the file. */
  Set<String> keys() {
    return mapping.fields().keySet();
  }

  /** Whether the value under the key has an anchor. */
  boolean isAnchor(String key) {
    YamlValue.Field field = mapping.fields().get(key);
    return field != null && field.value().anchored();
  }

  private String place(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
