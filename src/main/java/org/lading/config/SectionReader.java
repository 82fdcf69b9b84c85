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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one mapping. A setting that is absent, null or blank has its default; one
 * that is wrong adds a fault and has its default, so that reading continues.
 */
final class SectionReader {
  private final String path;
  private final YamlValue.Mapping mapping;
  private final ReadingContext context;
  private final Set<String> knownKeys = new TreeSet<>();
  private final Set<String> faultyKeys = new HashSet<>();

  /** Reads the mapping at a path such as {@code roots[1]}; the path of the whole file is empty. */
  SectionReader(String path, YamlValue.Mapping mapping, ReadingContext context) {
    this.path = path;
    this.mapping = mapping;
    this.context = context;
  }

  /** Returns a field, or null if it is absent or null, and marks its key as known. */
  YamlValue.@Nullable Field field(String key) {
    knownKeys.add(key);
    YamlValue.Field field = mapping.fields().get(key);
    return field == null || field.isNull() ? null : field;
  }

  /**
   * Passes over a key if it is there.
   *
   * @param meaning a sentence: what that means for who moves from medusa-downloader
   */
  void passOver(String key, String meaning) {
    YamlValue.Field field = mapping.fields().get(key);
    if (field != null) {
      knownKeys.add(key);
      context.passedKeys().add(new PassedKeys.PassedKey(field.line(), pathOf(key), meaning));
    }
  }

  /** Returns whether a key has a value, which may be blank. */
  boolean has(String key) {
    return field(key) != null;
  }

  /** Adds a fault at a key, or at the mapping if the key is absent. */
  void fault(String key, String message) {
    faultyKeys.add(key);
    YamlValue.Field field = mapping.fields().get(key);
    context.faults().add(field == null ? mapping.line() : field.line(), pathOf(key), message);
  }

  /** Adds a fault of the whole mapping. */
  void fault(String message) {
    context.faults().add(mapping.line(), path, message);
  }

  /** Reads a text, or null. */
  @Nullable String text(String key) {
    YamlValue.Field field = field(key);
    if (field == null) {
      return null;
    }
    try {
      return context.text(field.value());
    } catch (EnvironmentInterpolation.InvalidReferenceException e) {
      fault(key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Reads a required text; "" after adding a fault. */
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

  /** Returns whether a key has a fault already, so that its missing value needs no second one. */
  boolean isFaulty(String key) {
    return faultyKeys.contains(key);
  }

  /** Returns whether a key has an empty list. */
  boolean isEmptyList(String key) {
    YamlValue.Field field = mapping.fields().get(key);
    return field != null
        && field.value() instanceof YamlValue.Items items
        && items.values().isEmpty();
  }

  /** Returns whether a key has a list. */
  boolean isList(String key) {
    YamlValue.Field field = mapping.fields().get(key);
    return field != null && field.value() instanceof YamlValue.Items;
  }

  /** Reads true or false, in any of YAML's words for them. */
  boolean flag(String key, boolean defaultValue) {
    String text = text(key);
    if (text == null) {
      return defaultValue;
    }
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> {
        fault(key, "must be true or false");
        yield defaultValue;
      }
    };
  }

  /** Reads a whole number within bounds, both inclusive. */
  int number(String key, int defaultValue, int min, int max) {
    return (int) number(key, (long) defaultValue, min, max);
  }

  /** Reads a whole number within bounds, both inclusive. */
  long number(String key, long defaultValue, long min, long max) {
    String text = text(key);
    return text == null
        ? defaultValue
        : checked(key, QuantityParser.number(text), "a whole number", defaultValue, min, max);
  }

  /** Reads a whole number from 1 on, or the word none, which stands for a number. */
  long numberOrNone(String key, long defaultValue, long none, long max) {
    return "none".equals(text(key)) ? none : number(key, defaultValue, 1, max);
  }

  /** Reads a number of bytes, or the word none, which stands for a number. */
  long sizeOrNone(String key, long defaultValue, long none, long min) {
    return "none".equals(text(key)) ? none : size(key, defaultValue, min);
  }

  /** Reads a number of bytes, at least {@code min}. */
  long size(String key, long defaultValue, long min) {
    String text = text(key);
    return text == null
        ? defaultValue
        : checked(
            key,
            QuantityParser.bytes(text),
            "bytes, or a size like 64 MiB",
            defaultValue,
            min,
            Long.MAX_VALUE);
  }

  private long checked(
      String key, @Nullable Long value, String form, long defaultValue, long min, long max) {
    if (value == null) {
      fault(key, "must be " + form);
      return defaultValue;
    }
    if (value < min || value > max) {
      fault(
          key,
          max == Long.MAX_VALUE ? "must be at least " + min : "must be from " + min + " to " + max);
      return defaultValue;
    }
    return value;
  }

  /** Reads a duration of whole seconds within bounds, both inclusive. */
  Duration duration(String key, Duration defaultValue, Duration min, Duration max) {
    String text = text(key);
    if (text == null) {
      return defaultValue;
    }
    Long seconds = QuantityParser.seconds(text);
    if (seconds == null) {
      fault(key, "must be seconds, or a time like 30m, 12h or 7d");
      return defaultValue;
    }
    if (seconds < min.toSeconds() || seconds > max.toSeconds()) {
      fault(key, "must be from " + inWords(min) + " to " + inWords(max));
      return defaultValue;
    }
    return Duration.ofSeconds(seconds);
  }

  private static String inWords(Duration duration) {
    if (duration.toDays() > 0) {
      return duration.toDays() + " days";
    }
    long seconds = duration.toSeconds();
    return seconds + (seconds == 1 ? " second" : " seconds");
  }

  /** Reads a constant of an enumeration, written in lower case, possibly as a Ruby symbol. */
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
                .map(SectionReader::word)
                .collect(Collectors.joining(", ")));
    return null;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Reads a required path, and resolves it against the directory of the file. */
  Path requiredPath(String key) {
    String text = required(key);
    String mistake = PathForms.mistake(text);
    if (mistake != null) {
      fault(key, mistake);
    }
    try {
      return context.resolve(text);
    } catch (InvalidPathException e) {
      fault(key, "is not a path: " + e.getReason());
      return context.resolve("");
    }
  }

  /** Reads the list of paths under a key, resolved likewise; none if the key is absent. */
  List<Path> paths(String key) {
    return parsed(
        key,
        text -> {
          try {
            return PathForms.mistake(text) == null ? context.resolve(text) : null;
          } catch (InvalidPathException e) {
            return null;
          }
        },
        "a path");
  }

  /** Reads an http or https URL without user, query and fragment, and removes trailing slashes. */
  @Nullable URI url(String key) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      URI uri = new URI(text.strip().replaceFirst("/+$", ""));
      String mistake = UrlForms.mistake(uri);
      if (mistake == null) {
        return uri;
      }
      fault(key, mistake);
    } catch (URISyntaxException e) {
      // The exception quotes the value, which may hold a password.
      fault(key, "is not a URL, at character " + (e.getIndex() + 1));
    }
    return null;
  }

  /** Returns the section under a key; an empty one if the key is absent. */
  SectionReader section(String key) {
    YamlValue.Field field = field(key);
    if (field != null && field.value() instanceof YamlValue.Mapping inner) {
      return new SectionReader(pathOf(key), inner, context);
    }
    if (field != null) {
      fault(key, "must be a mapping of settings");
    }
    return new SectionReader(
        pathOf(key), new YamlValue.Mapping(mapping.line(), false, Map.of()), context);
  }

  /** Returns the sections of the list under a key; none if the key is absent. */
  List<SectionReader> sections(String key) {
    YamlValue.Field field = field(key);
    return field == null ? List.of() : context.sections(field.value(), pathOf(key));
  }

  /** Reads the list of texts under a key; null if the key is absent. */
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

  /**
   * Reads the list of texts under a key, each by a parser that returns null for what is none; an
   * empty list if the key is absent.
   *
   * @param form what each must be, for the sentence of a fault
   */
  <T> List<T> parsed(String key, Function<String, @Nullable T> parser, String form) {
    List<String> texts = texts(key);
    List<T> values = new ArrayList<>();
    for (String text : texts == null ? List.<String>of() : texts) {
      T value = parser.apply(text);
      if (value == null) {
        fault(key, "each must be " + form);
      } else {
        values.add(value);
      }
    }
    return values;
  }

  private @Nullable String itemText(YamlValue item, String key) {
    try {
      return context.text(item);
    } catch (EnvironmentInterpolation.InvalidReferenceException e) {
      context.faults().add(item.line(), pathOf(key), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Adds a fault for each key that was not read and is not in the given set. */
  void refuseUnknown(Set<String> ignored) {
    for (String key : mapping.fields().keySet()) {
      if (!knownKeys.contains(key) && !ignored.contains(key)) {
        String suggestion = SpellingSuggestion.of(key, knownKeys);
        fault(
            key,
            "unknown key"
                + (suggestion == null ? ": remove it" : "; did you mean " + suggestion + "?"));
      }
    }
  }

  /** Returns the keys of the mapping. */
  Set<String> keys() {
    return mapping.fields().keySet();
  }

  /** Returns whether the value under a key has an anchor. */
  boolean isAnchor(String key) {
    YamlValue.Field field = mapping.fields().get(key);
    return field != null && field.value().anchored();
  }

  /** Returns the path of a key in the file, such as {@code roots[1].bucket}. */
  String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
