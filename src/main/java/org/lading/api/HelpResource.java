package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/** {@code GET /}: a page that lists what the application offers. */
@Path("")
public final class HelpResource {
  /** The calls, and the keys of what they do. */
  private static final Map<String, String> CALLS = new LinkedHashMap<>();

  static {
    CALLS.put("POST create", "help.create");
    CALLS.put("GET {root}/{id}/download", "help.download");
    CALLS.put("GET {root}/{id}/get", "help.get");
    CALLS.put("GET {root}/{id}/manifest", "help.manifest");
    CALLS.put("GET {root}/{id}/status", "help.status");
    CALLS.put("GET status", "help.health");
  }

  /** Answers with the page. */
  @GET
  public Response help(@Context HttpServletRequest http) {
    Texts texts = Texts.of(http.getHeaders(HttpHeaders.ACCEPT_LANGUAGE));
    StringBuilder calls = new StringBuilder();
    CALLS.forEach(
        (call, key) ->
            calls
                .append("<dt><code>")
                .append(call)
                .append("</code></dt><dd>")
                .append(texts.html(key))
                .append("</dd>"));
    String main =
        "<main><h1>Lading</h1><p>" + texts.html("help") + "</p><dl>" + calls + "</dl></main>";
    return Pages.answer(Response.ok(), HtmlPage.of(texts, "Lading", main));
  }
}
