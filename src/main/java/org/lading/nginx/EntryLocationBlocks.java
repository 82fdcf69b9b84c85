package org.lading.nginx;

import org.lading.modzip.EntryLocations;

/**
 * Renders the internal locations by which nginx comes back to Lading for single entries of an
 * archive: for literals in the database, for a location that is signed at that moment, and for the
 * content of an entry that its store did not give.
 */
final class EntryLocationBlocks {
  private static final String REFERENCE = "[^/]+/[^/]+/[0-9]+/[0-9]+";

  /** What may stand before the location of an object: the entry, and the proof for Lading. */
  static final String FALLBACK_CAPTURES =
      "(?:%s(?<lading_entry>%s)/(?<lading_proof>[A-Za-z0-9_-]+))?"
          .formatted(EntryLocations.PREFIX, REFERENCE);

  /** The directives of the location of objects. */
  static final String FALLBACK =
      """
      # What S3 refuses, Lading tries to read: it asks again, has other credentials perhaps, and
      # tells an object that changed from one that did not.
      proxy_intercept_errors on;
      error_page 301 302 307 308 400 401 403 404 412 416 429 500 501 502 503 504 = @lading_entry;
      """;

  private EntryLocationBlocks() {}

  /**
   * Returns the locations.
   *
   * @param hasFallback whether Lading tries to read what a store does not give
   */
  static String render(NginxOptions options, boolean hasFallback) {
    String application = ApplicationLocations.application(options) + options.contextPath() + "/";
    return """

        # Entries for which mod_zip comes back to Lading. Nobody but nginx can: Lading wants the proof
        # that only the manifest has.
        location ~ ^%s(?<lading_entry>%s)$ {
            internal;
            # Lading answers with a literal of its database, or a location in S3, signed at this moment.
            proxy_pass %s$lading_entry/location;
        %s}
        """
            .formatted(
                EntryLocations.PREFIX,
                REFERENCE,
                application,
                NginxSyntax.indented(directives(options, "$args")))
        + (hasFallback
            ? """
            location @lading_entry {
                proxy_pass %s$lading_entry/content;
            %s}
            """
                .formatted(application, NginxSyntax.indented(directives(options, "$lading_proof")))
            : "");
  }

  private static String directives(NginxOptions options, String proof) {
    return ProxyDirectives.application(options)
        + """
        proxy_set_header %s %s;
        proxy_set_header Content-Length "";
        proxy_set_header Content-Type "";
        proxy_set_header Authorization "";
        proxy_set_header Cookie "";
        proxy_set_header If-Range "";
        proxy_method GET;
        proxy_pass_request_body off;
        proxy_intercept_errors off;
        proxy_cache off;
        # For each entry, as below; it must hold a location of up to 7,000 characters.
        proxy_buffering off;
        proxy_buffer_size 8k;
        """
            .formatted(EntryLocations.PROOF_HEADER, proof);
  }
}
