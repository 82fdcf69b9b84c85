package org.lading.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lading.base.Digests;

/**
 * A page with what all pages share: the HTML around the body, and the response headers. Every page
 * has the style and the script of this package; the script shows the times of {@code time} elements
 * in the reader's zone.
 *
 * @param texts the language of the page
 * @param title the title, in plain text
 * @param head additional elements of the head
 * @param body the body, with its {@code main}
 * @param scripts the scripts of this page, without the tags, which run after the body
 * @param hasForms whether the page may send forms to its own server
 */
public record HtmlPage(
    Texts texts, String title, String head, String body, List<String> scripts, boolean hasForms) {
  /** The content type of pages. */
  public static final String CONTENT_TYPE = "text/html;charset=UTF-8";

  private static final String STYLE = resource(HtmlPage.class, "page.css");
  private static final String TIMES_SCRIPT = resource(HtmlPage.class, "times.js");

  /** The policy that lets a page load only its own scripts, its own style and itself. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src %s; style-src '%s'; connect-src 'self'; base-uri 'none'; form-action %s; frame-ancestors 'none'";

  /** Copies the list. */
  public HtmlPage {
    scripts = List.copyOf(scripts);
  }

  /** Makes a page without scripts and forms of its own. */
  public static HtmlPage of(Texts texts, String title, String body) {
    return new HtmlPage(texts, title, "", body, List.of(), false);
  }

  /** Copies this page with more elements of the head. */
  public HtmlPage withHead(String more) {
    return new HtmlPage(texts, title, head + more, body, scripts, hasForms);
  }

  /** Copies this page with one more script, without the tags. */
  public HtmlPage withScript(String script) {
    List<String> more = new ArrayList<>(scripts);
    more.add(script);
    return new HtmlPage(texts, title, head, body, more, hasForms);
  }

  /** Copies this page as one that may send forms to its own server. */
  public HtmlPage withForms() {
    return new HtmlPage(texts, title, head, body, scripts, true);
  }

  /** Renders the page. */
  public String html() {
    return "<!DOCTYPE html>\n<html lang=\""
        + texts.language()
        + "\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"
        + escape(title)
        + "</title><style>"
        + STYLE
        + "</style>"
        + head
        + "</head><body>"
        + body
        + allScripts().stream()
            .map(script -> "<script>" + script + "</script>")
            .collect(Collectors.joining())
        + "</body></html>\n";
  }

  /** Returns the headers of the page besides its content type. */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Cache-Control", "private, no-store");
    headers.put("Vary", "Accept, Accept-Language");
    headers.put("Content-Language", texts.language());
    String hashes =
        allScripts().stream()
            .map(script -> "'" + hash(script) + "'")
            .collect(Collectors.joining(" "));
    headers.put(
        "Content-Security-Policy",
        CONTENT_SECURITY_POLICY.formatted(hashes, hash(STYLE), hasForms ? "'self'" : "'none'"));
    headers.put("X-Content-Type-Options", "nosniff");
    // Without any referrer a browser calls the origin of a form null, and the form is refused.
    headers.put("Referrer-Policy", hasForms ? "strict-origin" : "no-referrer");
    return headers;
  }

  private List<String> allScripts() {
    List<String> all = new ArrayList<>();
    all.add(TIMES_SCRIPT);
    all.addAll(scripts);
    return all;
  }

  /** Escapes text for an element or a quoted attribute; control characters become U+FFFD. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  /** Escapes a text, and isolates its writing direction from that of the page. */
  public static String isolated(String text) {
    return "<bdi>" + escape(text) + "</bdi>";
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> {
        boolean isPrintable =
            !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
        out.appendCodePoint(isPrintable ? c : '\ufffd');
      }
    }
  }

  /** Reads a text that lies beside a class. */
  public static String resource(Class<?> place, String name) {
    try (InputStream in = place.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String inline) {
    byte[] digest = Digests.sha256().digest(inline.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }
}
