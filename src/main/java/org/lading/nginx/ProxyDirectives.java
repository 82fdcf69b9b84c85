package org.lading.nginx;

import org.lading.modzip.EntryLocations;

/**
 * Renders the directives for requests that nginx forwards: subrequests for members of an archive,
 * and requests to the application.
 */
final class ProxyDirectives {
  /** Lets mod_zip see an error of the server, and break off. */
  static final String PASS_ERRORS = "proxy_intercept_errors off;\n";

  private ProxyDirectives() {}

  /**
   * Returns the directives for subrequests for members of an archive. nginx copies the headers of
   * the client's request to a subrequest, of which only Range may pass, since mod_zip sets it: S3
   * refuses an Authorization beside a presigned query, a conditional could be answered with 304,
   * and cookies are none of the store's business.
   *
   * @param host the Host header to send
   * @param buffer the size of the one buffer, which must hold the answer's headers, such as {@code
   *     4k}
   */
  static String subrequest(String host, String buffer) {
    return subrequest(host, buffer, "\"\"", "\"\"") + PASS_ERRORS;
  }

  /**
   * Returns the same with the conditions that the regular expression of a location has captured.
   *
   * @param errors the directives for answers that are errors, such as {@link #PASS_ERRORS}
   */
  static String guardedSubrequest(String host, String buffer, String errors) {
    return subrequest(host, buffer, "$" + LocationPattern.TAG, "$" + LocationPattern.SINCE)
        + errors;
  }

  private static String subrequest(String host, String buffer, String tag, String since) {
    return """
        proxy_http_version 1.1;
        proxy_method GET;
        proxy_pass_request_body off;
        proxy_set_header Connection "";
        proxy_set_header Host %s;
        proxy_set_header Content-Length "";
        proxy_set_header Content-Type "";
        proxy_set_header Accept-Encoding "";
        proxy_set_header Authorization "";
        proxy_set_header Cookie "";
        proxy_set_header If-Match %s;
        proxy_set_header If-None-Match "";
        proxy_set_header If-Modified-Since "";
        proxy_set_header If-Unmodified-Since %s;
        proxy_set_header If-Range "";
        proxy_ignore_headers X-Accel-Redirect X-Accel-Buffering X-Accel-Limit-Rate X-Accel-Charset;
        proxy_cache off;
        # mod_zip keeps the buffers of an entry until the archive ends: so each has this one, of the
        # size that the manifest asks for. With buffering, an entry of 100 KB keeps 45 KB, not 11.
        proxy_buffering off;
        proxy_buffer_size %s;
        # Not used, but nginx compares it with the size above.
        proxy_busy_buffers_size 256k;
        proxy_connect_timeout 10s;
        proxy_read_timeout 120s;
        """
        .formatted(host, tag, since, buffer);
  }

  /** Returns the directives for the application, which the locations of a server block inherit. */
  static String application(NginxOptions options) {
    String locations = options.hasModZip() && options.exact() ? "guarded" : "\"\"";
    return """
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-For $lading_forwarded_for;
        proxy_set_header X-Forwarded-Host "";
        # mod_zip cannot read a compressed manifest.
        proxy_set_header Accept-Encoding "";
        # What this nginx can do; a client's word for it does not get through.
        proxy_set_header X-Archive-Assembler %s;
        proxy_set_header X-Archive-Locations %s;
        proxy_set_header %s %s;
        # What the audit log says of an archive.
        proxy_set_header X-Archive-Audit %s;
        %sproxy_hide_header X-Archive-Files;
        proxy_headers_hash_max_size 1024;
        proxy_headers_hash_bucket_size 128;
        """
        .formatted(
            options.hasModZip() ? options.assembler() : "\"\"",
            locations,
            EntryLocations.LITERALS_HEADER,
            options.hasModZip() ? EntryLocations.LITERALS_VALUE : "\"\"",
            AuditDirectives.asked(options),
            AuditDirectives.hidden(options));
  }
}
