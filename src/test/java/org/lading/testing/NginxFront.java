package org.lading.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http.Reply;

/**
 * A real nginx with the generated configuration before a Lading, whose second server is at a unix
 * socket. In the place of mod_zip stands a {@link Redirector}.
 */
public final class NginxFront implements AutoCloseable {
  private final Redirector redirector;
  private final NginxServer nginx;
  private final Http http;
  private final int port;

  /** Starts it for the settings in {@code lading.yml}, with options beside those of the ports. */
  public NginxFront(Path directory, LadingServer lading, NginxOptions options) throws IOException {
    this(directory, lading, options, "");
  }

  /** As above, with lines where the files of {@code lading.d} are included in the server. */
  public NginxFront(Path directory, LadingServer lading, NginxOptions options, String own)
      throws IOException {
    redirector = new Redirector();
    port = NginxServer.freePort();
    String generated =
        NginxConfigurationRenderer.render(
            ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
            options
                .withApplication(URI.create("http://127.0.0.1:" + lading.port()))
                .withListen("127.0.0.1:" + port, "unix:" + directory.resolve("files.sock")));
    String fetch =
        "location = /fetch { proxy_pass http://127.0.0.1:%d; }\n".formatted(redirector.port());
    nginx =
        NginxServer.start(
            generated
                .replaceFirst("location / \\{", fetch + "$0")
                .replace("include lading.d/*.conf;", own));
    http = new Http(URI.create("http://127.0.0.1:" + port));
  }

  /** A client for it. */
  public Http http() {
    return http;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** A page of Lading, by its path with the context path. */
  public Reply get(String path, String... headers) {
    return http.get(path, headers);
  }

  /** What nginx gives at a location of a manifest. */
  public Reply fetch(String location) {
    return http.get("/fetch", "Location-To-Fetch", location);
  }

  /** See {@link NginxServer#errorLog}. */
  public String errorLog() throws IOException {
    return nginx.errorLog();
  }

  @Override
  public void close() throws IOException {
    http.close();
    nginx.close();
    redirector.close();
  }
}
