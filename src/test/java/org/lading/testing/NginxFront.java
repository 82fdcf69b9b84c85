package org.lading.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
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
    this(
        NginxServer.freePort(),
        directory,
        lading,
        port -> options.withListen("127.0.0.1:" + port, "unix:" + directory.resolve("files.sock")),
        own);
  }

  private NginxFront(
      int port, Path directory, LadingServer lading, IntFunction<NginxOptions> options, String own)
      throws IOException {
    this.port = port;
    redirector = new Redirector();
    String generated =
        NginxConfigurationRenderer.render(
            ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
            options.apply(port).withApplication(URI.create("http://127.0.0.1:" + lading.port())));
    String fetch =
        "location = /fetch { proxy_pass http://127.0.0.1:%d; }\n".formatted(redirector.port());
    String configuration =
        generated
            .replaceFirst("location / \\{", fetch + "$0")
            .replace("include lading.d/*.conf;", own);
    assertThat(NginxServer.check(configuration))
        .startsWith("0 ")
        .contains("test is successful")
        .doesNotContain("[warn]");
    nginx = NginxServer.start(configuration);
    http = new Http(URI.create("http://127.0.0.1:" + port));
  }

  /**
   * Starts one whose options name all addresses that it listens on.
   *
   * @param options makes them of a port of 127.0.0.1, which has to be the first address
   */
  public static NginxFront listening(
      Path directory, LadingServer lading, IntFunction<NginxOptions> options) throws IOException {
    return new NginxFront(NginxServer.freePort(), directory, lading, options, "");
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
