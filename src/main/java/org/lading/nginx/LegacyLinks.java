package org.lading.nginx;

import java.util.List;

/**
 * Renders what serves the links of medusa-downloader that were mailed before the move. Its ids have
 * 48 hexadecimal digits, by whose first six its storage is divided; the manifest of a download is
 * its {@code manifest.txt}, in which no CRC-32 is known. Its links to archives of many files end in
 * {@code /download}; their manifests are no different.
 */
final class LegacyLinks {
  private final String context;
  private final String directory;

  /** Makes a renderer for a storage directory; adds a fault for one that nginx cannot express. */
  LegacyLinks(String context, String storage, List<String> faults) {
    this.context = context;
    this.directory =
        NginxSyntax.quoted(storage.replaceFirst("/*$", "/"), "--legacy-storage", faults);
  }

  /** Returns the map that the locations need. */
  static String maps() {
    return """

        # Only GET starts mod_zip.
        map $request_method $lading_legacy_archive {
            default "";
            GET zip;
        }
        """;
  }

  private static final String PASS =
      """
      proxy_pass http://lading_files/legacy/$lading_old_path/manifest.txt;
      proxy_set_header Connection "";
      proxy_set_header Host lading-files;
      proxy_set_header Accept-Encoding "";
      proxy_set_header Range "";
      proxy_set_header If-None-Match "";
      proxy_set_header If-Modified-Since "";
      proxy_set_header If-Match "";
      proxy_set_header If-Unmodified-Since "";
      add_header Content-Disposition 'attachment; filename="$lading_old.zip"';
      """;

  /** Returns the location of the public server, to be nested in that of the application. */
  String archive() {
    return """

        # Links of medusa-downloader, whose ids have 48 digits, by its own manifests.
        location ~ "^%s/[A-Za-z0-9._-]+/(?<lading_old>(?<lading_old_1>[0-9a-f]{2})(?<lading_old_2>[0-9a-f]{2})(?<lading_old_3>[0-9a-f]{2})[0-9a-f]{42})/(?:get|download)/?$" {
            set $lading_old_path $lading_old_1/$lading_old_2/$lading_old_3/$lading_old;
            error_page 418 = @lading_legacy_head;
            if ($request_method = HEAD) {
                return 418;
            }
        """
            .formatted(context)
        + NginxSyntax.indented(
            PASS
                + """
                keepalive_timeout 0;
                add_header Vary $lading_archive_vary;
                """)
        + "}\n";
  }

  /** Returns the location of the public server that answers HEAD, outside all others. */
  static String head() {
    return """

        location @lading_legacy_head {
            # Nobody knows the length of the archive: this takes that of the manifest away.
            ssi on;
            ssi_types application/zip;
        """
        + NginxSyntax.indented(PASS)
        + "}\n";
  }

  /** Returns the location of the file server with the manifests. */
  String manifests() {
    return """

        # The manifests of medusa-downloader.
        location ^~ /legacy/ {
            alias %s;
            default_type application/zip;
            types { }
            etag off;
            max_ranges 0;
            add_header X-Archive-Files $lading_legacy_archive;
        }
        """
        .formatted(directory);
  }

  /**
   * Returns the location of the file server with the contents, to be nested in that of the rest.
   */
  String contents() {
    return """

        # What the manifests of medusa-downloader name is in its storage.
        location ~ "^/internal/(?<lading_old_file>(?:[0-9a-f]{2}/){3}[0-9a-f]{48}/.+)$" {
            alias %s$lading_old_file";
        }
        """
        .formatted(directory.substring(0, directory.length() - 1));
  }
}
