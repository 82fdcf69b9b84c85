package org.lading.nginx;

import java.util.List;

/** Renders the locations of the public server that lead to the application. */
final class ApplicationLocations {
  /** The directives of locations that an application may hand its client over to. */
  private static final String DISPOSITION =
      """
      # An answer with two names is refused by browsers: see $lading_disposition above. (With an
      # add_header here, none is taken from outside: put others into the file that is included.)
      proxy_hide_header X-Archive-Files;
      proxy_hide_header Content-Disposition;
      add_header Content-Disposition $lading_disposition;
      """;

  private ApplicationLocations() {}

  /** Returns the locations; adds a fault for each path that nginx cannot express. */
  static String render(NginxOptions options, List<String> faults) {
    String context = options.contextPath();
    String log = accessLog(options, faults);
    return """

        # Java containers cut what follows a ";" out of a path before they look at it, so that
        # "/..;/" would lead to their other applications. No page of Lading has one.
        if ($request_uri ~ "^[^?]*;") {
            return 404;
        }

        location / {
            return 404;
        }

        location = %1$s {
        %4$s    # The links of a page are relative to its address; programs need none.
            absolute_redirect off;
            if ($http_accept ~* "text/html") {
                return 308 %1$s/$is_args$args;
            }
            proxy_pass %2$s/;
        }

        location ^~ %1$s/ {
            include lading.d/downloads/*.conf;
            proxy_pass %3$s;
        """
            .formatted(context, application(options) + context, application(options), log)
        + NginxSyntax.indented(
            links(options, log, faults)
                + legacy(options, faults)
                + archive(options, log, faults)
                + stream(options)
                + page(
                    options,
                    "create",
                    "Who may create is up to the setting clients; --allow-create restricts it on top.",
                    options.allowed(NginxOption.ALLOW_CREATE))
                + page(
                    options,
                    "estimate",
                    "What a create would do is for those who may create.",
                    options.allowed(NginxOption.ALLOW_CREATE))
                + page(
                    options,
                    "status",
                    "The state of each part is for those who run it; --allow-status names them.",
                    options.allowed(NginxOption.ALLOW_STATUS))
                + page(
                    options,
                    "health",
                    "Whether it is alive and ready; --allow-health names load balancers.",
                    options.allowed(NginxOption.ALLOW_HEALTH))
                + page(
                    options,
                    "metrics",
                    "What Lading counts is for those who run it; --allow-metrics names Prometheus.",
                    options.allowed(NginxOption.ALLOW_METRICS))
                + others(options))
        + "}\n"
        + (options.hasModZip() ? withoutRange(options, log) : "")
        + (options.legacyStorage() == null ? "" : LegacyLinks.head());
  }

  static String application(NginxOptions options) {
    return options.applications().get(0).getScheme() + "://lading_app";
  }

  /** Returns the pattern of the context path. */
  private static String context(NginxOptions options) {
    return options.contextPath().replace(".", "\\.");
  }

  /** Returns the locations of requests that may have a token, which no log of nginx gets. */
  private static String links(NginxOptions options, String log, List<String> faults) {
    return """

        # Plain links. Their query may have a token, which the access log does not get.
        location ~ "^%1$s/zip(?:/|$)" {
            include lading.d/zip/*.conf;
        %7$s    proxy_pass %3$s;
        %6$s%4$s}

        # The list of roots and the pages to pick from, where tokens lead too.
        location = %5$s/ {
        %2$s    proxy_pass %3$s%5$s/;
        }

        location ~ "^%1$s/browse(?:/|$)" {
            include lading.d/browse/*.conf;
        %2$s    proxy_pass %3$s;
        }
        """
        .formatted(
            context(options),
            log,
            application(options),
            options.hasModZip() ? NginxSyntax.indented(modZip(options)) : "",
            options.contextPath(),
            NginxSyntax.indented(disposition(options)),
            AuditDirectives.location(options, log, faults));
  }

  private static String disposition(NginxOptions options) {
    return AuditDirectives.hidden(options) + DISPOSITION;
  }

  private static String accessLog(NginxOptions options, List<String> faults) {
    String file = options.accessLog();
    return file == null
        ? "    access_log off;\n"
        : "    access_log %s lading_no_query;\n"
            .formatted(NginxSyntax.quoted(file, "--access-log", faults));
  }

  private static String legacy(NginxOptions options, List<String> faults) {
    String storage = options.legacyStorage();
    return storage == null ? "" : new LegacyLinks(context(options), storage, faults).archive();
  }

  private static String archive(NginxOptions options, String log, List<String> faults) {
    String start =
        """

        location ~ "^(?<lading_download>%s/[A-Za-z0-9._-]+/[A-Za-z0-9_-]+)/get/?$" {
            include lading.d/get/*.conf;
        """
            .formatted(context(options));
    if (!options.hasModZip()) {
      return start
          + """
              # Lading makes every archive. Here are programs that kept an address from before.
              absolute_redirect off;
              return 302 $lading_download/download$is_args$args;
          }
          """;
    }
    return start
        + (options.auditLog() == null ? "" : AuditDirectives.location(options, log, faults))
        + "    proxy_pass %s$lading_download/get$is_args$args;\n".formatted(application(options))
        + NginxSyntax.indented(disposition(options) + modZip(options))
        + "}\n";
  }

  /** Returns the location of the archives that Lading makes. */
  private static String stream(NginxOptions options) {
    return """

        location ~ "^(?<lading_streamed>%s/[A-Za-z0-9._-]+/[A-Za-z0-9_-]+)/download/?$" {
            include lading.d/download/*.conf;
            proxy_pass %s$lading_streamed/download$is_args$args;
        %s}
        """
        .formatted(
            context(options), application(options), NginxSyntax.indented(disposition(options)));
  }

  /** Returns the directives of locations whose answers may start mod_zip. */
  private static String modZip(NginxOptions options) {
    return """
        # mod_zip must not see a Range that is to be ignored.
        error_page 418 = @lading_without_range;
        if ($lading_ignores_range) {
            return %s;
        }
        # Should a source end before its time, mod_zip goes on: the archive is too short,
        # and a client would wait for the rest until a kept connection times out.
        keepalive_timeout 0;
        # mod_zip puts "max-age=0" in place of the "private" that Lading said. No cache may use an
        # answer that varies so for another one.
        add_header Vary $lading_archive_vary;
        """
        .formatted(isBehindProxyProtocol(options) ? 416 : 418);
  }

  /** Returns whether clients come by the PROXY protocol, which nginx cannot talk to itself. */
  private static boolean isBehindProxyProtocol(NginxOptions options) {
    return options.publicListen().stream().anyMatch(listen -> listen.contains("proxy_protocol"));
  }

  /** Returns the location that asks this server once more, without the client's Range. */
  private static String withoutRange(NginxOptions options, String log) {
    return """

        location @lading_without_range {
            # This server logs the second request.
        %s    proxy_pass $scheme://$lading_self$request_uri;
            proxy_bind $lading_self_source;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $lading_forwarded_for;
            proxy_set_header Range "";
            proxy_ssl_server_name on;
            proxy_ssl_name $host;
            keepalive_timeout 0;
        %s}
        """
        .formatted(log, NginxSyntax.indented(disposition(options)));
  }

  private static String page(
      NginxOptions options, String page, String comment, List<String> allowed) {
    boolean isHealth = page.equals("health");
    StringBuilder out =
        new StringBuilder(
            """

            # %1$s
            location ~ "^%2$s/+%3$s%4$s/*$" {
                include lading.d/%3$s/*.conf;
            """
                .formatted(
                    comment,
                    context(options),
                    page,
                    isHealth ? "/+(?<lading_health>live|ready)" : ""));
    allowed.forEach(address -> out.append("    allow ").append(address).append(";\n"));
    if (!allowed.isEmpty()) {
      out.append("    deny all;\n");
    }
    return out.append(
            "    proxy_pass %s%s/%s$is_args$args;\n}\n"
                .formatted(
                    application(options),
                    options.contextPath(),
                    isHealth ? "health/$lading_health" : page))
        .toString();
  }

  private static String others(NginxOptions options) {
    return """

        # Of a path that needs no encoding nginx passes on what it means: "//downloads/x" is
        # /downloads/x. Others stay as they came, since nginx would encode them its own way.
        location ~ "^[A-Za-z0-9._~/-]+\\z" {
            proxy_pass %s$uri$is_args$args;
        }
        """
        .formatted(application(options));
  }
}
