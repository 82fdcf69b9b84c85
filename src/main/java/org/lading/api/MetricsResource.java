package org.lading.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.lading.metrics.Metrics;

/** {@code GET /metrics}: the application's metrics, for Prometheus. */
@Path("metrics")
public final class MetricsResource {
  private final Metrics metrics;

  /** Makes the resource. */
  public MetricsResource(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Answers with all metrics as text. */
  @GET
  public Response metrics() {
    return Response.ok(metrics.text(), Metrics.CONTENT_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
