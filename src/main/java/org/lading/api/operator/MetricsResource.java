package org.lading.api.operator;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.lading.metrics.Metrics;

/** {@code GET /metrics}: the application's metrics, for Prometheus. */
@Path("metrics")
public final class MetricsResource {
  private final Metrics metrics;
  private final OperatorAccess access;

  /** Makes the resource. */
  public MetricsResource(Metrics metrics, OperatorAccess access) {
    this.metrics = metrics;
    this.access = access;
  }

  /** Answers with all metrics as text. */
  @GET
  public Response metrics(@Context HttpServletRequest request) {
    access.require(request);
    return Response.ok(metrics.text(), Metrics.CONTENT_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
