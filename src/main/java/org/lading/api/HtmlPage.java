package org.lading.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.lading.base.Digests;

/** Renders what all pages share: the HTML around the body, and the response headers. */
final class HtmlPage {
  private static final String STYLE = resource("page.css");

  /** The script that updates the page of a download that is being prepared. */
  static final String SCRIPT = resource("status.js");

  /** The policy that lets a page load only its own script, its own style and itself. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src '%s'; style-src '%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
          .formatted(hash(SCRIPT), hash(STYLE));

  private HtmlPage() {}

  /**
   * Renders a page.
   *
   * @param head additional elements of the head
   * @param body the body, with its {@code main}
   */
  static String render(String title, String head, String body) {
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

  /** Builds the answer with the headers of a page. */
  static Response withHeaders(Response.ResponseBuilder response) {
    return response
        .type("text/html;charset=UTF-8")
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }

  /** Escapes text for an element or a quoted attribute; control characters become U+FFFD. */
  static String escape(String text) {
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

  private static String hash(String inline) {
    byte[] digest = Digests.sha256().digest(inline.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
