package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.nginx.NginxOptions;
import org.lading.testing.DigestClient;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.Program;

/**
 * Programs with passwords, by HTTP Digest as they are, directly and through the generated nginx.
 */
@NeedsProgram({"nginx", "curl", "ruby-httpclient"})
class DigestClientsTest {
  private static final String NAME = "idb";
  private static final String PASSWORD = "the password, of \"idb\"";

  /** Longer than what is read with the head of a request. */
  private static final String BODY =
      "{\"root\": \"main\", \"zip_name\": \"z\", \"targets\": [{\"type\": \"literal\", \"name\": \"n\", \"content\": \"%s\"}]}"
          .formatted("x".repeat(100_000));

  private static final String RUBY =
      """
      base, name, password, file = ARGV
      client = HTTPClient.new
      client.set_auth(base, name, password)
      2.times do
        answer = client.post(base + '//downloads/create', File.read(file), {'Content-Type' => 'application/json'})
        puts answer.status, answer.body
      end
      """;

  private static final String PYTHON =
      """
      import sys
      from urllib.request import *
      url, name, password, file = sys.argv[1:]
      passwords = HTTPPasswordMgrWithDefaultRealm()
      passwords.add_password(None, url, name, password)
      opener = build_opener(HTTPDigestAuthHandler(passwords))
      create = Request(url, open(file, 'rb').read(), {'Content-Type': 'application/json'})
      answer = opener.open(create)
      print(answer.status, b'download_url' in answer.read())
      """;

  @TempDir static Path directory;
  static LadingServer lading;
  static NginxFront front;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("body.json"), BODY);
    lading =
        LadingServer.start(
            directory,
            """
            roots: [{name: main, path: root}]
            clients: []
            auth: {realm: request creators, users: {%s: '%s'}}
            """
                .formatted(NAME, PASSWORD));
    front = new NginxFront(directory, lading, NginxOptions.DEFAULTS);
  }

  @AfterAll
  static void stop() throws IOException {
    front.close();
    lading.close();
  }

  private static String base(boolean isThroughNginx) {
    return "http://127.0.0.1:" + (isThroughNginx ? front.port() : lading.port());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void curl(boolean isThroughNginx) throws Exception {
    String url = base(isThroughNginx) + "//downloads/create";
    String said = curl(url, url);

    assertThat(said.lines().filter(line -> line.startsWith("> Authorization: Digest ")))
        .as(said)
        .hasSize(2)
        .allMatch(line -> line.contains("algorithm=SHA-256"));
    assertThat(
            said.lines()
                .filter(line -> line.startsWith("< HTTP/1.1 "))
                .map(l -> l.substring(11, 14)))
        .containsExactly("401", "201", "401", "201");
  }

  /** A client for which only MD5 can be offered. Python's urllib looks at the first challenge. */
  @NeedsProgram("python3")
  @Test
  void curlAndUrllib_withMd5() throws Exception {
    Path place = Files.createDirectories(directory.resolve("md5"));
    Files.createDirectories(place.resolve("root"));
    String ha1 =
        new DigestClient(NAME, "Lading", PASSWORD, "MD5").hash(NAME + ":Lading:" + PASSWORD);
    try (LadingServer server =
        LadingServer.start(
            place,
            "roots: [{name: main, path: root}]\nclients: [{name: %s, digest_ha1: [%s]}]"
                .formatted(NAME, ha1))) {
      String url = "http://127.0.0.1:" + server.port() + "/downloads/create";
      String said = curl(url);
      assertThat(said).contains("< HTTP/1.1 201", "algorithm=MD5").doesNotContain("SHA-256");
      String body = directory.resolve("body.json").toString();
      String[] urllib = {"python3", "-c", PYTHON, url, NAME, PASSWORD, body};
      assertThat(Program.run(directory, urllib)).contains("201 True");
    }
  }

  private static String curl(String... urls) throws Exception {
    String[] command = {
      "curl",
      "-sv",
      "--digest",
      "-u",
      NAME + ":" + PASSWORD,
      "-H",
      "Expect:",
      "--data-binary",
      "@" + directory.resolve("body.json")
    };
    String[] all = Arrays.copyOf(command, command.length + urls.length);
    System.arraycopy(urls, 0, all, command.length, urls.length);
    return Program.run(directory, all).replace("\r", "");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void httpclientOfRuby(boolean isThroughNginx) throws Exception {
    String said =
        Program.run(
            directory,
            "ruby",
            "-rhttpclient",
            "-e",
            RUBY,
            base(isThroughNginx),
            NAME,
            PASSWORD,
            directory.resolve("body.json").toString());

    assertThat(said.lines().filter("201"::equals)).as(said).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void httpUrlConnectionOfJava(boolean isThroughNginx) throws IOException {
    Authenticator idb =
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(NAME, PASSWORD.toCharArray());
          }
        };
    for (int i = 0; i < 2; i++) {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(base(isThroughNginx) + "/downloads/create").toURL().openConnection();
      connection.setAuthenticator(idb);
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.getOutputStream().write(BODY.getBytes(UTF_8));
      assertThat(connection.getResponseCode()).isEqualTo(201);
      connection.disconnect();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void httpClientOfApache(boolean isThroughNginx) throws IOException {
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    credentials.setCredentials(
        new AuthScope(null, -1), new UsernamePasswordCredentials(NAME, PASSWORD.toCharArray()));
    try (CloseableHttpClient client =
        HttpClients.custom().setDefaultCredentialsProvider(credentials).build()) {
      for (int i = 0; i < 2; i++) {
        HttpPost post = new HttpPost(base(isThroughNginx) + "/downloads/create");
        post.setEntity(new StringEntity(BODY, ContentType.APPLICATION_JSON));
        int status =
            client.execute(
                post,
                response -> {
                  EntityUtils.consume(response.getEntity());
                  return response.getCode();
                });
        assertThat(status).isEqualTo(201);
      }
    }
  }

  @Test
  void nginx_passesEachChallengeOn() {
    Reply direct = challenge(lading.port());
    Reply through = challenge(front.port());

    assertThat(through.status()).isEqualTo(401);
    assertThat(through.header("WWW-Authenticate").replaceAll("nonce=\"[^\"]*\"", ""))
        .isEqualTo(direct.header("WWW-Authenticate").replaceAll("nonce=\"[^\"]*\"", ""))
        .containsSubsequence("SHA-256", "Bearer", "MD5");
  }

  private static Reply challenge(int port) {
    try (Http http = new Http(URI.create("http://127.0.0.1:" + port))) {
      return http.post("//downloads/create", new byte[0]);
    }
  }
}
