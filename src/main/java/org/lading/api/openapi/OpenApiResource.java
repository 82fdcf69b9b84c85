package org.lading.api.openapi;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.lading.api.Pages;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/**
 * {@code GET /openapi.json}: the description of the API in OpenAPI 3.1, or a page that shows it.
 */
@Path("openapi.json")
public final class OpenApiResource {
  private final String document;

  /** Makes the resource of an application of the given version. */
  public OpenApiResource(String version) {
    this.document =
        HtmlPage.resource(OpenApiResource.class, "openapi.json").replace("${version}", version);
  }

  /** Answers a program with the description; its server is the application as it is deployed. */
  @GET
  @Produces("application/json;qs=1.0")
  public Response json(@Context HttpServletRequest http) {
    return Response.ok(described(http))
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header(HttpHeaders.VARY, "Accept, Accept-Language")
        .build();
  }

  /** Answers a browser with a page. */
  @GET
  @Produces("text/html;charset=UTF-8;qs=0.9")
  public Response html(@Context HttpServletRequest http) {
    Texts texts = Texts.of(http.getHeaders("Accept-Language"));
    return Pages.answer(Response.ok(), OpenApiPage.of(described(http), texts));
  }

  private String described(HttpServletRequest http) {
    return document.replace("${context}", http.getContextPath());
  }
}
