package org.lading.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** {@code GET /}: a short help page. */
@Path("")
public final class HelpResource {
  /** The page. */
  @GET
  public Response help() {
    return HtmlPage.withHeaders(Response.ok(HelpPage.PAGE));
  }
}
