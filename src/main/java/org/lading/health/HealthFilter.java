package org.lading.health;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.lading.base.JsonFactories;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.health.Readiness.Part;
import org.lading.http.ErrorReply;

/**
 * Answers {@code /health/live} and {@code /health/ready}, whether the application has started or
 * not, and passes all other requests on.
 */
public final class HealthFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private final transient Readiness readiness;
  private final transient Consumer<HttpServletRequest> seen;

  /**
   * Makes a filter.
   *
   * @param seen gets each request that the filter answers
   */
  public HealthFilter(Readiness readiness, Consumer<HttpServletRequest> seen) {
    this.readiness = readiness;
    this.seen = seen;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    if (!path.equals(LIVE) && !path.equals(READY)) {
      chain.doFilter(request, response);
    } else if (!METHODS.contains(request.getMethod())) {
      ErrorReply.send(
          request,
          response,
          new LadingException(ErrorCode.METHOD_NOT_ALLOWED, "This page takes GET and HEAD only"),
          "Lading",
          Map.of("Allow", "GET, HEAD"));
    } else {
      seen.accept(request);
      if (path.equals(LIVE)) {
        send(response, HttpServletResponse.SC_OK, live());
      } else {
        Map<Part, String> faults = readiness.faults();
        boolean isReady = faults.isEmpty() && !readiness.isDraining();
        send(
            response,
            isReady ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
            ready(isReady, faults));
      }
    }
  }

  private static String live() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(text)) {
      json.writeStartObject();
      writeState(json, true);
      json.writeEndObject();
    }
    return text.toString();
  }

  private String ready(boolean isReady, Map<Part, String> faults) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(text)) {
      json.writeStartObject();
      writeState(json, isReady);
      if (readiness.isDraining()) {
        json.writeStringField("error", "Lading is stopping");
      }
      json.writeObjectFieldStart("parts");
      for (Part part : Part.values()) {
        String fault = faults.get(part);
        json.writeObjectFieldStart(part.word());
        writeState(json, fault == null);
        if (fault != null) {
          json.writeStringField("error", fault);
        }
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void writeState(JsonGenerator json, boolean isThere) throws IOException {
    PartReport.State state = isThere ? PartReport.State.OK : PartReport.State.UNAVAILABLE;
    json.writeStringField("status", state.word());
  }

  private static void send(HttpServletResponse response, int status, String json)
      throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
