package org.lading.browse;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lading.access.Access;
import org.lading.access.FormFields;
import org.lading.access.Grant;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.api.ClientRouteFinder;
import org.lading.api.Pages;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.lading.root.Root;
import org.lading.root.Roots;

/** {@code GET /}: the roots that may be browsed, and what else the application offers. */
@Path("")
@Produces({AnswerWriter.JSON, HtmlPage.CONTENT_TYPE})
public final class RootListResource {
  /** The calls, and the keys of what they do. */
  private static final Map<String, String> CALLS = new LinkedHashMap<>();

  static {
    CALLS.put("POST create", "help.create");
    CALLS.put("GET zip/{root}/{path}", "help.zip");
    CALLS.put("GET {root}/{id}/status", "help.status");
    CALLS.put("GET status", "help.health");
  }

  private final Roots roots;
  private final Access access;
  private final ClientRouteFinder routes;

  /**
   * Makes the resource.
   *
   * @param routes refuses requests under names that are not the server's
   */
  public RootListResource(Roots roots, Access access, ClientRouteFinder routes) {
    this.roots = roots;
    this.access = access;
    this.routes = routes;
  }

  /** Answers with a page, or with the roots as JSON. */
  @GET
  public Response list(@Context HttpServletRequest http) {
    ClientRoute unused = routes.route(http);
    Grant grant = access.of(http);
    List<Place> places = new ArrayList<>();
    for (Root root : roots.all()) {
      String top = grant.top(root.name());
      if (top != null) {
        places.add(new Place(root.name(), top));
      }
    }
    Texts texts = Texts.ofPage(http.getHeaders("Accept"), http.getHeaders("Accept-Language"));
    if (texts == null) {
      return Response.ok(BrowseAnswer.places(places))
          .type(AnswerWriter.JSON)
          .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
          .header(HttpHeaders.VARY, "Accept")
          .build();
    }
    String token = FormFields.parse(http.getQueryString()).value("token");
    String query = Visit.tokenQuery(token);
    return Pages.answer(Response.ok(), page(texts, places, Visit.up(http), query));
  }

  private static HtmlPage page(Texts texts, List<Place> places, String up, String query) {
    StringBuilder links = new StringBuilder();
    for (Place place : places) {
      links
          .append("<li><a href=\"")
          .append(HtmlPage.escape(up + place.address(query)))
          .append("\">")
          .append(HtmlPage.isolated(place.pathFromRoot()))
          .append("</a></li>");
    }
    StringBuilder calls = new StringBuilder();
    CALLS.forEach(
        (call, key) ->
            calls
                .append("<dt><code>")
                .append(call)
                .append("</code></dt><dd>")
                .append(texts.html(key))
                .append("</dd>"));
    String browse =
        places.isEmpty()
            ? "<p>" + texts.html("roots.none") + "</p>"
            : "<ul class=\"roots\">" + links + "</ul>";
    String main =
        "<main><h1>Lading</h1><p>"
            + texts.html("help")
            + "</p><h2>"
            + texts.html("roots")
            + "</h2>"
            + browse
            + "<h2>"
            + texts.html("help.calls")
            + "</h2><dl>"
            + calls
            + "</dl><p><a href=\""
            + HtmlPage.escape(up + "openapi.json")
            + "\">"
            + texts.html("openapi.title")
            + "</a></p></main>";
    return HtmlPage.of(texts, "Lading", main);
  }
}
