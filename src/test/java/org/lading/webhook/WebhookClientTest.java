package org.lading.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lading.testing.HookReceiver.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Certificate;
import org.lading.testing.HookReceiver;
import org.lading.testing.HookReceiver.Request;

class WebhookClientTest {
  private static final Duration LIMIT = Duration.ofMillis(700);
  private static final byte[] BODY = "{\"a\":\"\u00e4\"}".getBytes(UTF_8);

  @TempDir static Path directory;
  final ExecutorService threads = Executors.newCachedThreadPool();
  final HookReceiver receiver = new HookReceiver();

  @AfterEach
  void stop() {
    receiver.close();
    threads.shutdown();
  }

  @Test
  void request_isOnePost() throws IOException {
    receiver.answer(status(200, "Set-Cookie: a=b"));

    assertThat(post("/hooks/zip?token=1").status()).isEqualTo(200);
    assertThat(post("/hooks/zip?token=1").status()).isEqualTo(200);

    assertThat(receiver.requests()).hasSize(2);
    for (Request request : receiver.requests()) {
      assertThat(request.line()).isEqualTo("POST /hooks/zip?token=1 HTTP/1.1");
      assertThat(request.body()).isEqualTo(BODY);
      assertThat(request.headers())
          .isEqualTo(
              Map.of(
                  "host", "127.0.0.1:" + receiver.port(),
                  "webhook-id", "1",
                  "content-type", "application/json",
                  "content-length", String.valueOf(BODY.length),
                  "connection", "close"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirect_isNotFollowed(int code) throws IOException {
    receiver.answer(status(code, "Location: http://127.0.0.1:" + receiver.port() + "/other"));

    assertThat(post("/").status()).isEqualTo(code);
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void challenge_isNotAnswered() throws IOException {
    receiver.answer(status(401, "WWW-Authenticate: Basic realm=\"a\""));

    assertThat(post("/").status()).isEqualTo(401);
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void wishForLater_isKnown_ifItIsInSeconds() throws IOException {
    receiver.answer(status(503, "Retry-After: 120"));
    assertThat(post("/").retryAfter()).isEqualTo(Duration.ofMinutes(2));

    receiver.answer(status(503, "Retry-After: 999999999"));
    assertThat(post("/").retryAfter()).isEqualTo(Duration.ofDays(1));

    receiver.answer(status(503, "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"));
    assertThat(post("/").retryAfter()).isNull();
  }

  @Test
  void receiverThatSaysNothing_isLeftInTime() {
    receiver.answer((request, out) -> Thread.sleep(60_000));

    assertTakesTooLong("/");
  }

  @Test
  void receiverThatTrickles_isLeftInTime() {
    receiver.answer((request, out) -> trickle(out, "HTTP/1.1 200 OK\r\nX: ", "x"));

    assertTakesTooLong("/");
  }

  @Test
  void receiverWithManyInterimAnswers_isLeft() {
    receiver.answer((request, out) -> repeat(out, "HTTP/1.1 100 Continue\r\n\r\n"));

    assertThatThrownBy(() -> post("/")).isInstanceOf(IOException.class);
  }

  @Test
  void receiverWithAnEndlessHeader_isLeft() {
    receiver.answer((request, out) -> repeat(out, "HTTP/1.1 200 " + "x".repeat(1000)));

    assertThatThrownBy(() -> post("/")).isInstanceOf(IOException.class);
  }

  @Test
  void endlessBody_isNotReadToItsEnd() throws IOException {
    AtomicLong sent = new AtomicLong();
    receiver.answer(
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
          for (byte[] some = new byte[1 << 14]; ; sent.addAndGet(some.length)) {
            out.write(some);
          }
        });

    assertThat(post("/").status()).isEqualTo(200);
    // More than is read is in the buffers of the sockets.
    assertThat(sent.get()).isLessThan(16 << 20);
  }

  @Test
  void bodyThatTrickles_doesNotChangeTheStatus() throws IOException {
    receiver.answer(
        (request, out) -> trickle(out, "HTTP/1.1 202 OK\r\nContent-Length: 9999\r\n\r\n", "x"));

    assertThat(post("/").status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"})
  void otherAnswers_areFailures(String answer) {
    receiver.answer((request, out) -> out.write(answer.getBytes(UTF_8)));

    assertThatThrownBy(() -> post("/")).isInstanceOf(IOException.class);
  }

  @Test
  void interruption_breaksTheConnection() throws Exception {
    CountDownLatch isBroken = new CountDownLatch(1);
    CompletableFuture<Thread> sender = new CompletableFuture<>();
    receiver.answer(
        (request, out) -> {
          sender.join().interrupt();
          try {
            repeat(out, "HTTP/1.1 100 Continue\r\n\r\n");
          } finally {
            isBroken.countDown();
          }
        });

    sender.complete(Thread.currentThread());
    assertThatThrownBy(() -> new WebhookClient(threads).post(address("/"), Map.of(), BODY))
        .isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(isBroken.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void client_whoseThreadsHaveEnded_sendsNothing() {
    threads.shutdown();

    assertThatThrownBy(() -> post("/"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("stops");
    assertThat(receiver.requests()).isEmpty();
  }

  /** The addresses of a name are those that were checked, whatever a name server says later. */
  @Test
  void connection_isToTheGivenAddress_asTheGivenName() throws IOException {
    receiver.answer(status(201));

    assertThat(pinned("http://app.example.org:" + receiver.port() + "/a").status()).isEqualTo(201);
    assertThat(receiver.requests().get(0).headers())
        .containsEntry("host", "app.example.org:" + receiver.port());
  }

  @Test
  void certificate_mustBeTrustedAndOfThatName() throws Exception {
    Certificate certificate = Certificate.of("app.example.org", directory);
    try (HookReceiver secure = new HookReceiver(tls(certificate))) {
      String url = "https://app.example.org:" + secure.port() + "/a";
      assertThatThrownBy(() -> pinned(url)).isInstanceOf(SSLException.class);

      certificate.trust();
      assertThat(pinned(url).status()).isEqualTo(204);
      assertThat(secure.requests().get(0).headers())
          .containsEntry("host", "app.example.org:" + secure.port())
          .containsEntry("tls-server-name", "app.example.org");
      assertThatThrownBy(() -> send("https://localhost:" + secure.port() + "/a"))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("localhost");
      assertThat(secure.requests()).hasSize(1);
    } finally {
      Certificate.trustAsUsual();
    }
  }

  private WebhookClient.Answer pinned(String url) throws IOException {
    WebhookAddress address = Objects.requireNonNull(WebhookAddress.parse(url));
    WebhookClient client = new WebhookClient(threads);
    try (WebhookRequest request = new WebhookRequest(address, client::tls)) {
      return request.post(List.of(InetAddress.getLoopbackAddress()), Map.of(), BODY);
    }
  }

  @Test
  void receiverThatSaysNothingInTls_isLeftInTime() throws IOException {
    // The system takes the connection, and nobody else.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertTakesTooLong(() -> send("https://localhost:" + silent.getLocalPort() + "/"));
    }
  }

  private void assertTakesTooLong(String path) {
    assertTakesTooLong(() -> post(path));
  }

  private static void assertTakesTooLong(ThrowingCallable send) {
    long began = System.nanoTime();
    assertThatThrownBy(send)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("no answer");
    assertThat(System.nanoTime() - began)
        .isBetween(LIMIT.toNanos(), LIMIT.plusSeconds(20).toNanos());
  }

  private WebhookClient.Answer post(String path) throws IOException {
    return send(address(path));
  }

  private WebhookClient.Answer send(String url) throws IOException {
    return send(Objects.requireNonNull(WebhookAddress.parse(url)));
  }

  private WebhookClient.Answer send(WebhookAddress address) throws IOException {
    return new WebhookClient(threads, LIMIT).post(address, Map.of("webhook-id", "1"), BODY);
  }

  private WebhookAddress address(String path) {
    return Objects.requireNonNull(
        WebhookAddress.parse("http://127.0.0.1:" + receiver.port() + path));
  }

  private static void trickle(OutputStream out, String first, String again)
      throws IOException, InterruptedException {
    out.write(first.getBytes(UTF_8));
    while (true) {
      out.write(again.getBytes(UTF_8));
      out.flush();
      Thread.sleep(50);
    }
  }

  private static void repeat(OutputStream out, String text) throws IOException {
    while (true) {
      out.write(text.getBytes(UTF_8));
    }
  }

  private static ServerSocketFactory tls(Certificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    byte[] der =
        Base64.getMimeDecoder()
            .decode(Files.readString(certificate.key()).replaceAll("-----.*", ""));
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    try (InputStream pem = Files.newInputStream(certificate.pem())) {
      keys.setKeyEntry(
          "test",
          key,
          new char[0],
          List.of(CertificateFactory.getInstance("X.509").generateCertificate(pem))
              .toArray(java.security.cert.Certificate[]::new));
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }
}
