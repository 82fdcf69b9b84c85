package org.lading.api;

import jakarta.ws.rs.core.Response;
import org.lading.page.HtmlPage;

/** Builds the JAX-RS answers with pages. */
public final class Pages {
  private Pages() {}

  /** Completes an answer with a page and its headers. */
  public static Response answer(Response.ResponseBuilder response, HtmlPage page) {
    page.headers().forEach(response::header);
    return response.type(HtmlPage.CONTENT_TYPE).entity(page.html()).build();
  }
}
