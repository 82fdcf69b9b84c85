package org.lading.page;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.base.AcceptHeader;

/**
 * The sentences of pages in one language, from a properties file in UTF-8 for each language. They
 * are patterns of {@link MessageFormat}, in HTML; an apostrophe is written as U+2019.
 */
public final class Texts {
  /** The language of readers who want one that there is not. */
  public static final Texts ENGLISH = new Texts(Locale.ENGLISH);

  /** German. */
  public static final Texts GERMAN = new Texts(Locale.GERMAN);

  /** All languages, the one for readers of other languages first. */
  public static final List<Texts> ALL = List.of(ENGLISH, GERMAN);

  private static final DateTimeFormatter MINUTES = utc("uuuu-MM-dd HH:mm 'UTC'");
  private static final DateTimeFormatter SECONDS = utc("uuuu-MM-dd HH:mm:ss 'UTC'");

  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private final Locale locale;
  private final Properties patterns = new Properties();

  private Texts(Locale locale) {
    this.locale = locale;
    try {
      patterns.load(
          new StringReader(HtmlPage.resource(Texts.class, "texts_" + locale + ".properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * HTML that goes into a sentence as it is.
   *
   * @param html well-formed content of an element
   */
  public record Markup(String html) {
    @Override
    public String toString() {
      return html;
    }
  }

  /** Returns the texts in the language that fits the lines of an {@code Accept-Language} best. */
  public static Texts of(Enumeration<String> acceptLanguage) {
    List<String> languages = ALL.stream().map(Texts::language).toList();
    return ALL.get(AcceptHeader.bestLanguage(acceptLanguage, languages));
  }

  /**
   * Returns the texts for the page of a client that would rather have HTML than JSON, or null for
   * one that would not.
   *
   * @param accept the lines of its {@code Accept}
   * @param acceptLanguage the lines of its {@code Accept-Language}
   */
  public static @Nullable Texts ofPage(
      Enumeration<String> accept, Enumeration<String> acceptLanguage) {
    return AcceptHeader.prefersHtml(accept) ? of(acceptLanguage) : null;
  }

  /** Returns the language as {@code lang} and {@code Content-Language} have it: {@code en}. */
  public String language() {
    return locale.getLanguage();
  }

  /** Returns the keys of all sentences. */
  public Set<String> keys() {
    return patterns.stringPropertyNames();
  }

  /**
   * Returns a sentence as plain text, for a title or an attribute, where it is escaped.
   *
   * @param arguments numbers, which are written as in the language, and texts
   */
  public String text(String key, Object... arguments) {
    return new MessageFormat(pattern(key), locale).format(arguments);
  }

  /**
   * Returns a sentence as HTML.
   *
   * @param arguments numbers, {@link Markup}, and texts, which are escaped, and isolated from the
   *     writing direction of the sentence
   */
  public String html(String key, Object... arguments) {
    Object[] safe = arguments.clone();
    for (int i = 0; i < safe.length; i++) {
      if (!(safe[i] instanceof Number || safe[i] instanceof Markup)) {
        safe[i] = HtmlPage.isolated(safe[i].toString());
      }
    }
    return text(key, safe);
  }

  /** Returns a sentence as its file has it. */
  String pattern(String key) {
    String pattern = patterns.getProperty(key);
    if (pattern == null) {
      throw new IllegalArgumentException("no text " + key + " in " + locale);
    }
    return pattern;
  }

  /** Formats a number of bytes in units of powers of 1,000, as plain text without markup. */
  public String size(long bytes) {
    if (bytes < 1000) {
      return text("bytes", bytes);
    }
    double value = bytes / 1000.0;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(locale, value >= 99.5 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** Renders a time in minutes as a {@code time} element: in UTC, where no script changes that. */
  public Markup time(Instant time) {
    return new Markup("<time datetime=\"%s\">%s</time>".formatted(time, MINUTES.format(time)));
  }

  /** Renders a time in seconds, as {@link #time} does. */
  public Markup timeInSeconds(Instant time) {
    Instant whole = time.truncatedTo(ChronoUnit.SECONDS);
    return new Markup(
        "<time datetime=\"%s\" data-seconds>%s</time>".formatted(whole, SECONDS.format(whole)));
  }

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
