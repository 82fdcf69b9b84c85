package org.lading.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.lading.base.HtmlPage;

/** {@code GET /}: a page that lists what the application offers. */
@Path("")
public final class HelpResource {
  private static final String PAGE =
      HtmlPage.render(
          "Lading",
          "",
          """
          <main><h1>Lading</h1>
          <p>Files and directories, in one zip download.</p>
          <dl>
          <dt><code>POST create</code></dt>
          <dd>asks for a download, in JSON; the answer has its addresses</dd>
          <dt><code>GET {root}/{id}/download</code></dt><dd>the zip archive</dd>
          <dt><code>GET {root}/{id}/get</code></dt><dd>the zip archive, where nginx makes it</dd>
          <dt><code>GET {root}/{id}/manifest</code></dt><dd>what goes in, as mod_zip reads it</dd>
          <dt><code>GET {root}/{id}/status</code></dt><dd>how the download is doing</dd>
          <dt><code>GET status</code></dt><dd>how the application is doing</dd>
          </dl></main>
          """);

  /** Answers with the page. */
  @GET
  public Response help() {
    return DownloadStatusPage.answer(Response.ok(PAGE));
  }
}
