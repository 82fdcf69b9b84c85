package org.lading.nginx;

import java.nio.file.Path;
import java.util.List;
import org.lading.config.Configuration;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRootSettings;

/** Renders the internal nginx server that serves files to the public server. */
final class FileServerBlock {
  private static final String TEMPLATE =
      """

      # For nginx itself only, never for the network. A socket is several times as fast as a port.
      # nginx makes it when it starts, as root in /run, which is empty after a boot; should nginx
      # have been killed, remove it. Whoever can log in to this machine can reach it, as a port, and
      # with it every root that is served directly: where that matters, put it into a directory that
      # only nginx may enter (--files-listen unix:/run/nginx-only/files.sock).
      server {
          listen %s;
          server_name _;
          include lading.d/files/*.conf;
          access_log off;
          gzip off;
          # The tags by which the public server asks for the files that were listed.
          etag on;
          sendfile on;
          tcp_nopush on;
          keepalive_timeout 120s;
          keepalive_requests 100000;
          types { }
          default_type application/octet-stream;

          location / {
              return 404;
          }

          # /internal/<rest> is the file, or the link to one, <storage>/content/<rest>. A link names
          # a file of any owner, so nginx has to follow it, and with it whatever link somebody who can
          # write in that root puts there later: serve such roots with "serve: direct".
          location ^~ /internal/ {
              alias %s;
              disable_symlinks off;
          %s}
      %s""";

  private FileServerBlock() {}

  /** Returns the server block; adds a fault for each path that nginx cannot express. */
  static String render(Configuration configuration, NginxOptions options, List<String> faults) {
    String storage = options.legacyStorage();
    LegacyLinks links =
        storage == null ? null : new LegacyLinks(options.contextPath(), storage, faults);
    StringBuilder out =
        new StringBuilder(
            TEMPLATE.formatted(
                options.filesListen(),
                directory(configuration.storage().resolve("content"), "storage", faults),
                links == null ? "" : nested(links.contents()),
                links == null ? "" : NginxSyntax.indented(links.manifests())));
    for (RootSettings root : configuration.roots()) {
      if (root instanceof FilesystemRootSettings files
          && files.serve() == FilesystemRootSettings.Serve.DIRECT) {
        out.append(NginxSyntax.indented(direct(files, faults)));
      }
    }
    return out.append("}\n").toString();
  }

  private static String nested(String block) {
    return NginxSyntax.indented(NginxSyntax.indented(block)).stripLeading() + "    ";
  }

  private static String direct(FilesystemRootSettings root, List<String> faults) {
    String what = "root " + root.name() + ": path";
    return """

        location ^~ /internal/roots/%s/ {
            alias %s;
        %s}
        """
        .formatted(
            root.name(),
            directory(root.path(), what, faults),
            NginxSyntax.indented(symlinks(root, what, faults)));
  }

  private static String symlinks(FilesystemRootSettings root, String what, List<String> faults) {
    if (root.followSymlinks()) {
      return "disable_symlinks off;\n";
    }
    return """
        # Lading names what lies beyond a link inside the root by its own path. So nginx follows no
        # link at all: none that somebody who can write in the root puts there later leads out.
        disable_symlinks on %s;
        """
        .formatted(NginxSyntax.quoted("from=" + root.path(), what, faults));
  }

  private static String directory(Path path, String what, List<String> faults) {
    String text = path.toString();
    return NginxSyntax.quoted(text.endsWith("/") ? text : text + "/", what, faults);
  }
}
