package org.lading.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.HookReceiver;

/**
 * Names that lead to this machine and to others that no webhook may reach, in a process whose names
 * are in a file, and which is told of proxies. All are of a port on which a receiver listens.
 */
class RequestForgeryTest {
  private static final Map<String, List<String>> REFUSED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("loopback.test", List.of("127.0.0.1")),
              Map.entry("loopback-far.test", List.of("127.8.9.10")),
              Map.entry("any.test", List.of("0.0.0.0")),
              Map.entry("loopback6.test", List.of("::1")),
              Map.entry("any6.test", List.of("::")),
              Map.entry("mapped.test", List.of("::ffff:127.0.0.1")),
              Map.entry("compatible.test", List.of("::127.0.0.1")),
              Map.entry("sixtofour.test", List.of("2002:7f00:1::")),
              Map.entry("nat64.test", List.of("64:ff9b::7f00:1")),
              Map.entry("metadata.test", List.of("169.254.169.254")),
              Map.entry("metadata6.test", List.of("fd00:ec2::254")),
              Map.entry("link-local.test", List.of("169.254.7.7")),
              Map.entry("link-local6.test", List.of("fe80::1")),
              Map.entry("multicast.test", List.of("224.0.0.1")),
              Map.entry("broadcast.test", List.of("255.255.255.255")),
              Map.entry("one-of-two.test", List.of("10.255.255.1", "127.0.0.1"))));

  @TempDir static Path directory;
  static final HookReceiver RECEIVER = new HookReceiver();
  static Path hosts;
  static Process probe;
  static BufferedReader answers;

  @BeforeAll
  static void start() throws IOException {
    StringBuilder names = new StringBuilder();
    REFUSED.forEach((name, addresses) -> addresses.forEach(one -> names.append(line(one, name))));
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress())
        .findFirst()
        .ifPresent(
            own -> {
              names.append(line(own.getHostAddress(), "own.test"));
              REFUSED.put("own.test", List.of(own.getHostAddress()));
            });
    hosts = Files.writeString(directory.resolve("hosts"), names);
    probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djdk.net.hosts.file=" + hosts,
                "-DsocksProxyHost=127.0.0.1",
                "-DsocksProxyPort=1",
                "-DsocksNonProxyHosts=",
                "-Dhttp.proxyHost=127.0.0.1",
                "-Dhttp.proxyPort=1",
                "-Dhttp.nonProxyHosts=",
                "-cp",
                System.getProperty("java.class.path"),
                WebhookProbe.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = new BufferedReader(new InputStreamReader(probe.getInputStream(), UTF_8));
  }

  @AfterAll
  static void stop() throws Exception {
    probe.getOutputStream().close();
    assertThat(probe.waitFor()).isZero();
    RECEIVER.close();
  }

  @Test
  void names_ofMachinesThatNoWebhookMayReach_areRefused() throws IOException {
    int before = RECEIVER.requests().size();

    for (String name : REFUSED.keySet()) {
      assertThat(send(name)).as(name).startsWith("refused: " + name + " resolves to ");
    }

    assertThat(RECEIVER.requests()).hasSize(before);
  }

  @Test
  void listedAddressesOfThisMachine_areReached_withoutAProxy() throws IOException {
    assertThat(send("127.0.0.1")).isEqualTo("status 204");
    assertThat(send("localhost")).isEqualTo("status 204");
    assertThat(send("[::ffff:127.0.0.1]")).isEqualTo("status 204");
  }

  @Test
  void name_isLookedUpAndCheckedForEachRequest() throws IOException {
    String names = Files.readString(hosts);
    assertThat(send("moving.test")).startsWith("failed: java.net.UnknownHostException");

    Files.writeString(hosts, names + line("127.0.0.1", "moving.test"));
    assertThat(send("moving.test")).startsWith("refused: moving.test resolves to this machine");

    Files.writeString(hosts, names);
    assertThat(send("moving.test")).startsWith("failed: java.net.UnknownHostException");
  }

  private static String line(String address, String name) {
    return address + " " + name + "\n";
  }

  private static String send(String host) throws IOException {
    String url = "http://" + host + ":" + RECEIVER.port() + "/hooks";
    OutputStream urls = probe.getOutputStream();
    urls.write((url + "\n").getBytes(UTF_8));
    urls.flush();
    return answers.readLine();
  }
}
