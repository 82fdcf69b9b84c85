package org.lading.api.client;

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
import org.jspecify.annotations.Nullable;
import org.lading.access.Client;
import org.lading.access.Grant;
import org.lading.api.AnswerWriter;
import org.lading.api.create.CreateAdmission;
import org.lading.download.DownloadService;
import org.lading.limit.Allowance;
import org.lading.limit.Caller;
import org.lading.limit.ClientLimits;
import org.lading.limit.Limits;

/**
 * {@code GET /limits}: what those may have who ask, and what is left of that for the client that
 * asks.
 */
@Path("limits")
public final class LimitsResource {
  private final Limits limits;
  private final DownloadService downloads;
  private final CreateAdmission admission;
  private final DownloadLimits ofDownloads;
  private final ServerLimits ofServer;

  /**
   * The limits of single downloads; {@link ClientLimits#NONE} in place of a number is no limit.
   *
   * @param entries the number of entries
   * @param bytes the number of bytes of all files
   * @param targets the number of targets of a request
   * @param body the number of bytes of a request's body
   */
  public record DownloadLimits(long entries, long bytes, long targets, long body) {}

  /**
   * The limits of each node.
   *
   * @param bytesPerSecond the number of bytes of archives that it sends in a second
   * @param archivesAtOnce the number of archives that it sends at once
   */
  public record ServerLimits(long bytesPerSecond, long archivesAtOnce) {}

  /** Makes the resource. */
  public LimitsResource(
      Limits limits,
      DownloadService downloads,
      CreateAdmission admission,
      DownloadLimits ofDownloads,
      ServerLimits ofServer) {
    this.limits = limits;
    this.downloads = downloads;
    this.admission = admission;
    this.ofDownloads = ofDownloads;
    this.ofServer = ofServer;
  }

  /** Answers everybody; one with credentials gets what its client has. */
  @GET
  @Produces(AnswerWriter.JSON)
  public Response limits(@Context HttpServletRequest http) {
    Client client = client(http);
    Caller caller = admission.caller(client == null ? Grant.PUBLIC : client.name(), http);
    List<Allowance> left = left(caller);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("client", client == null ? null : client.name());
    answer.put("limits", fields(client == null ? limits.usual() : limits.of(caller)));
    answer.put("address", fields(limits.ofAddresses()));
    answer.put("left", left.stream().map(LimitsResource::fields).toList());
    answer.put("download", fields(ofDownloads));
    answer.put("server", fields(ofServer));
    Response.ResponseBuilder response =
        Response.ok(AnswerWriter.json(answer))
            .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
            .header(HttpHeaders.VARY, "Authorization");
    Allowance.fields(left).forEach(response::header);
    return response.build();
  }

  private @Nullable Client client(HttpServletRequest http) {
    return admission.clients().isOpen() || http.getHeader(HttpHeaders.AUTHORIZATION) == null
        ? null
        : admission.client(http);
  }

  private List<Allowance> left(Caller caller) {
    List<Allowance> left = new ArrayList<>(limits.state(caller));
    long preparations = limits.of(caller).preparationsAtOnce();
    if (preparations != ClientLimits.NONE) {
      left.add(
          new Allowance(
              "preparations",
              Allowance.Unit.AT_ONCE,
              preparations,
              0,
              Math.max(0, preparations - downloads.unsettled(caller.client())),
              0));
    }
    return left;
  }

  private static Map<String, Object> fields(ClientLimits limits) {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "creates_per_minute", limits.createsPerMinute());
    put(fields, "preparations_at_once", limits.preparationsAtOnce());
    put(fields, "bytes_per_day", limits.bytesPerDay());
    return fields;
  }

  private static Map<String, Object> fields(DownloadLimits limits) {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "entries", limits.entries());
    put(fields, "bytes", limits.bytes());
    put(fields, "targets", limits.targets());
    put(fields, "body", limits.body());
    return fields;
  }

  private static Map<String, Object> fields(ServerLimits limits) {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "bytes_per_second", limits.bytesPerSecond());
    put(fields, "archives_at_once", limits.archivesAtOnce());
    return fields;
  }

  private static Map<String, Object> fields(Allowance allowance) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", allowance.name());
    fields.put("quota", allowance.quota());
    fields.put("remaining", allowance.remaining());
    fields.put("reset_seconds", allowance.resetSeconds());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, long limit) {
    fields.put(name, limit == ClientLimits.NONE ? null : limit);
  }
}
