package org.lading.nginx;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renders the audit log that nginx writes of the archives that mod_zip makes. */
final class AuditDirectives {
  private static final String HIDDEN =
      Stream.of("Download", "Client", "Subject", "Roots", "Address", "Page", "Length", "Last")
          .map(name -> "proxy_hide_header X-Lading-" + name + ";\n")
          .collect(Collectors.joining());

  private static final String MAPS =
      """

      # One line of JSON for each archive that mod_zip has made, or begun to make: see docs/audit.md.
      map "$status $upstream_http_x_lading_download" $lading_audited {
          default 0;
          "~^20[06] ." 1;
      }
      map $sent_http_content_range $lading_first {
          default 0;
          "~^bytes (?<lading_from>[0-9]+)-" $lading_from;
      }
      map $sent_http_content_range $lading_last {
          default $upstream_http_x_lading_last;
          "~^bytes [0-9]+-(?<lading_to>[0-9]+)/" $lading_to;
      }
      map "$body_bytes_sent $sent_http_content_length" $lading_complete {
          default false;
          "~^([0-9]+) \\1$" true;
      }
      map $request_time $lading_duration {
          default 0;
          "~^0\\.0*(?<lading_millis>[0-9]+)$" $lading_millis;
          "~^(?<lading_seconds>[1-9][0-9]*)\\.(?<lading_rest>[0-9]+)$" $lading_seconds$lading_rest;
      }
      """;

  /** The fields, with their values in JSON. */
  private static final List<String> FIELDS =
      List.of(
          "\"time\":\"$time_iso8601\"",
          "\"event\":\"delivered\"",
          "\"download\":\"$upstream_http_x_lading_download\"",
          "\"client\":\"$upstream_http_x_lading_client\"",
          "\"subject\":\"$upstream_http_x_lading_subject\"",
          "\"roots\":\"$upstream_http_x_lading_roots\"",
          "\"address\":\"$upstream_http_x_lading_address\"",
          "\"user_agent\":\"$http_user_agent\"",
          "\"status\":$status",
          "\"page\":\"$upstream_http_x_lading_page\"",
          "\"method\":\"$request_method\"",
          "\"assembler\":\"mod_zip\"",
          "\"first\":$lading_first",
          "\"last\":$lading_last",
          "\"length\":$upstream_http_x_lading_length",
          "\"bytes\":$body_bytes_sent",
          "\"complete\":$lading_complete",
          "\"duration_ms\":$lading_duration");

  private AuditDirectives() {}

  /**
   * Returns the format of the log; none if there is no log.
   *
   * @param leftOut the names of fields that no line has
   */
  static String format(NginxOptions options, Set<String> leftOut) {
    if (!isOn(options)) {
      return "";
    }
    return MAPS
        + FIELDS.stream()
            .filter(field -> !leftOut.contains(field.substring(1, field.indexOf('"', 1))))
            .collect(
                Collectors.joining(
                    ",'\n    '", "log_format lading_audit escape=json\n    '{", "}';\n"));
  }

  /**
   * Returns the directives of a location whose answers may start mod_zip.
   *
   * @param others the directives for its other logs, which have to be given again beside this one
   */
  static String location(NginxOptions options, String others, List<String> faults) {
    String file = options.auditLog();
    if (file == null || !isOn(options)) {
      return others;
    }
    String own =
        "    access_log %s lading_audit if=$lading_audited;\n"
            .formatted(NginxSyntax.quoted(file, "--audit-log", faults));
    return (others.contains("off;") ? "" : others) + own;
  }

  /** Returns the directives that hide from clients what Lading tells for the log. */
  static String hidden(NginxOptions options) {
    return isOn(options) ? HIDDEN : "";
  }

  /** Returns the value of the header that asks Lading for what the log says. */
  static String asked(NginxOptions options) {
    return isOn(options) ? "on" : "\"\"";
  }

  private static boolean isOn(NginxOptions options) {
    @Nullable String file = options.auditLog();
    return file != null && options.hasModZip();
  }
}
