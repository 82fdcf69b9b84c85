package org.lading.nginx;

/** Renders the locations by which the public server gets files from the second one. */
final class FileLocationBlocks {
  private static final String HOST = "lading-files";
  private static final String SMALLEST = "4k";
  private static final String PASS = "proxy_pass http://lading_files;\n";

  private FileLocationBlocks() {}

  /**
   * Returns the locations.
   *
   * @param guarded whether a manifest has guarded locations as well
   */
  static String render(boolean guarded) {
    StringBuilder out =
        new StringBuilder(
            """

            # Files, links and literals, by way of the second server: served in this one, each would
            # stay open until the archive ends, and large archives run out of file descriptors.
            location ^~ /internal/ {
            """
                + NginxSyntax.indented(
                    "internal;\n" + PASS + ProxyDirectives.subrequest(HOST, SMALLEST))
                + "}\n");
    if (guarded) {
      out.append(
          """

          # The same under the condition that the file is still the one that was listed: its size and
          # time are what nginx makes its own tags of. mod_zip breaks off when it gets a 412.
          """);
      out.append(guarded("", SMALLEST));
      LocationPattern.BUFFERS.forEach(buffer -> out.append(guarded(buffer, buffer)));
    }
    return out.toString();
  }

  private static String guarded(String name, String buffer) {
    return "location ~ %s {\n".formatted(LocationPattern.of(name, "(?<lading_file>/internal/.*)"))
        + NginxSyntax.indented(
            "internal;\nrewrite ^ $lading_file break;\n"
                + PASS
                + ProxyDirectives.guardedSubrequest(HOST, buffer, ProxyDirectives.PASS_ERRORS))
        + "}\n";
  }
}
