package org.lading.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Renders what all pages share: the HTML around the body, and the response headers. */
public final class HtmlPage {
  /** The content type of pages. */
  public static final String CONTENT_TYPE = "text/html;charset=UTF-8";

  private static final String STYLE = resource(HtmlPage.class, "page.css");

  /** The policy that lets a page load only its own script, its own style and itself. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src '%s'; style-src '%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private HtmlPage() {}

  /**
   * Renders a page.
   *
   * @param head additional elements of the head
   * @param body the body, with its {@code main}
   */
  public static String render(String title, String head, String body) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"
        + escape(title)
        + "</title><style>"
        + STYLE
        + "</style>"
        + head
        + "</head><body>"
        + body
        + "</body></html>\n";
  }

  /**
   * Returns the headers of a page besides its content type.
   *
   * @param script the only script that may run in the page, without the tags
   */
  public static Map<String, String> headers(String script) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Cache-Control", "private, no-store");
    headers.put("Vary", "Accept");
    headers.put(
        "Content-Security-Policy", CONTENT_SECURITY_POLICY.formatted(hash(script), hash(STYLE)));
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    return headers;
  }

  /** Escapes text for an element or a quoted attribute; control characters become U+FFFD. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(out, c));
    return out.toString();
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
