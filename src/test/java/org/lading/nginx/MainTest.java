package org.lading.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {
  private static final String EXAMPLE = "conf-examples/production.yml";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return Main.run(
        List.of(arguments),
        Map.of(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void fileAlone_printsTheExactForm() throws IOException {
    assertThat(run(EXAMPLE)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(Path.of("nginx/lading.conf")));
    assertThat(err.size()).isZero();
  }

  @Test
  void options_areTaken() {
    assertThat(
            run(
                "--plain",
                "--app",
                "https://app.example.org",
                "--listen",
                "[::]:80",
                "--files-listen",
                "unix:/run/lading.sock",
                "--context-path",
                "/zip",
                "--ca-file",
                "/etc/pki/ca.crt",
                EXAMPLE))
        .isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("location ^~ /medusa-content/ {")
        .contains("server app.example.org:443;")
        .contains("proxy_pass https://lading_app$uri$is_args$args;")
        .contains("listen [::]:80;")
        .contains("listen unix:/run/lading.sock;", "server unix:/run/lading.sock;")
        .contains("location ~ \"^/zip/+create/*$\" {")
        .contains("proxy_ssl_trusted_certificate \"/etc/pki/ca.crt\";");
  }

  @Test
  void severalNodes_areAskedByTurns() {
    assertThat(run("--app", "http://10.0.0.1:8080,http://node-2.example.org", EXAMPLE)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            """
            upstream lading_app {
                server 10.0.0.1:8080;
                server node-2.example.org:80;
                keepalive 16;
            }
            """);
  }

  @Test
  void wrongArguments_answerTwoAndTheUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--nonsense", EXAMPLE)).isEqualTo(2);
    assertThat(run(EXAMPLE, EXAMPLE)).isEqualTo(2);
    assertThat(run(EXAMPLE, "--app")).isEqualTo(2);
    assertThat(run("--app", "not a url", EXAMPLE)).isEqualTo(2);
    assertThat(run("--app", "http://a,https://b", EXAMPLE)).isEqualTo(2);
    assertThat(run("--app", "http://a,", EXAMPLE)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: ", "--nonsense");
    assertThat(out.size()).isZero();
  }

  @Test
  void help_isTheUsage() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("usage: java -jar downloads.war nginx ")
        .containsPattern("(?m)^  --app URL,\\.\\.\\. +where Lading listens.*http://127")
        .contains("\nusage, to check an installation: java -jar downloads.war nginx --check URL");
  }

  @Test
  void faults_answerOneAndPrintNothingElse() {
    assertThat(run("conf-examples/none.yml")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("none.yml: no such file");
    assertThat(out.size()).isZero();
  }
}
