package org.lading.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lading.testing.Traces.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.amqp.BrokerSettings.TlsSettings;
import org.lading.base.Finding;
import org.lading.check.BrokerQuestion;
import org.lading.check.SystemCheck;
import org.lading.testing.AmqpPeer;
import org.lading.testing.AmqpPeer.Received;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.RabbitMq;
import org.lading.testing.SettableClock;
import org.lading.testing.TcpProxy;

/** What requests that come as messages are answered, by a real RabbitMQ. */
@NeedsProgram({RabbitMq.PROGRAM, "epmd"})
class AmqpTest {
  private static final String IN = "client_to_downloader";
  private static final String BACK = "downloader_to_client";
  private static final String DEAD = "unreadable";
  private static final String CONNECTED = "consumer of messages is connected";
  private static final String URL = "https://files.example.org/downloads";

  @TempDir static Path directory;
  static RabbitMq broker;
  static LadingServer server;
  private AmqpPeer peer;

  @BeforeAll
  static void start() throws IOException {
    broker = RabbitMq.shared();
    Files.createDirectories(directory.resolve("root/child/grandchild"));
    Files.writeString(directory.resolve("root/cat.txt"), "meow");
    Files.writeString(directory.resolve("root/child/son.txt"), "son's text");
    Files.writeString(directory.resolve("root/child/grandchild/leaf.txt"), "leaf");
    Files.createDirectories(directory.resolve("closed"));
    server = LadingServer.start(directory, settings());
  }

  private static String settings() {
    return """
        roots: [{name: main, path: root}, {name: closed, path: closed}]
        nginx_url: https://files.example.org
        compatibility: medusa-downloader
        incoming_queue: client_to_downloader
        dead_letter_queue: unreadable
        return_queues: [downloader_to_client, limited, '%s']
        amqp: {port: %d, roots: [main]}
        """
        .formatted("q".repeat(255), broker.port());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void connect() throws Exception {
    peer = new AmqpPeer(broker);
  }

  @AfterEach
  void noMessageIsLeft() {
    assertThat(peer.poll(BACK)).isNull();
    assertThat(peer.poll(DEAD)).isNull();
    peer.close();
  }

  private void export(String targets) throws IOException {
    peer.send(IN, request(targets));
  }

  private static String request(String targets) {
    return "{'action':'export','return_queue':'%s','root':'main','zip_name':'issues','client_id':'directory_1','targets':%s}"
        .formatted(BACK, targets);
  }

  @Test
  void directory_isReceived_andThenCompleted_andFetched() throws IOException {
    export("[{'recursive':true,'type':'directory','path':'child','zip_path':''}]");

    List<Received> answers = peer.receive(BACK, 2);
    String id = answers.get(0).json().get("id").asText();
    String pages = URL + "/main/" + id;
    assertThat(answers.get(0).text())
        .isEqualTo(
            """
            {"status":"ok","id":"%s","download_url":"%s/download","status_url":"%s/status",\
            "client_id":"directory_1","action":"request_received"}"""
                .formatted(id, pages, pages));
    assertThat(answers.get(1).text())
        .isEqualTo(
            """
            {"action":"request_completed","id":"%s","download_url":"%s/download",\
            "status_url":"%s/status","approximate_size":"14.0"}"""
                .formatted(id, pages, pages));
    assertThat(names("/main/" + id + "/download"))
        .containsExactly("issues/grandchild/leaf.txt", "issues/son.txt");
    for (Received answer : answers) {
      AMQP.BasicProperties properties = answer.response().getProps();
      assertThat(properties.getDeliveryMode()).isEqualTo(2);
      assertThat(properties.getContentType()).isEqualTo("application/octet-stream");
      assertThat(properties.getPriority()).isZero();
      assertThat(answer.response().getEnvelope().getExchange()).isEmpty();
    }
  }

  /** The registry writes a directory with bars in place of slashes, and names as they are. */
  @Test
  void listOfFiles_isPackedUnderNamesThatEverySystemUnpacks() throws IOException {
    peer.send(
        IN,
        request("[{'type':'file','path':'cat.txt','zip_path':'1112|3275|issues'}]")
            .replace("'issues'", "'Box 1: letters'"));

    String url = peer.receive(BACK, 2).get(1).json().get("download_url").asText();
    assertThat(names(url.substring(URL.length())))
        .containsExactly("Box 1_ letters/1112_3275_issues/cat.txt");
  }

  private static List<String> names(String page) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(server.get(page).bytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  @Test
  void clientIdThatIsANumber_comesBackAsText_andUnknownFieldsArePassedOver() throws IOException {
    peer.send(
        IN,
        "{'client_id':17,'root':'main','return_queue':'"
            + BACK
            + "','priority':{'a':[1]},'targets':[{'type':'file','path':'cat.txt','more':1}]}");

    List<Received> answers = peer.receive(BACK, 2);
    assertThat(answers.get(0).json().get("client_id")).hasToString("\"17\"");
    assertThat(answers.get(1).json().get("action").asText()).isEqualTo("request_completed");
  }

  @ParameterizedTest
  @CsvSource({"nowhere", "closed", "''"})
  void rootThatMayNotBeUsed_isRefused_andNothingIsStored(String root) throws IOException {
    long before = server.number("select count(*) from download");
    peer.send(IN, "{'root':'%s','return_queue':'%s','client_id':7}".formatted(root, BACK));

    assertThat(peer.receive(BACK))
        .isEqualTo(
            """
            {"action":"request_received","client_id":"7","status":"error",\
            "error":"Invalid root: %s"}"""
                .formatted(root.isEmpty() ? "(none)" : root));
    assertThat(server.number("select count(*) from download")).isEqualTo(before);
  }

  @Test
  void invalidRoot_isToldBeforeAMissingClientId() throws IOException {
    peer.send(IN, "{'root':'nowhere','return_queue':'%s'}".formatted(BACK));

    assertThat(peer.receive(BACK))
        .isEqualTo(
            """
            {"action":"request_received","client_id":null,"status":"error",\
            "error":"Invalid root: nowhere"}""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'client_id':null,", "'client_id':' ',", "'client_id':[1],"})
  void requestWithoutClientId_isRefused(String field) throws IOException {
    String request = "{%s'root':'main','return_queue':'%s'}".formatted(field, BACK);
    JsonNode answer;
    try (LogLines log = new LogLines()) {
      peer.send(IN, request);
      answer = peer.receive(BACK, 1).get(0).json();
      assertThat(log.records())
          .anyMatch(line -> line.contains(" bytes with the SHA-256 ") && line.contains("client_id"))
          .noneMatch(line -> line.contains("\"root\""));
    }
    assertThat(answer.get("client_id").isNull()).isTrue();
    assertThat(answer.get("status").asText()).isEqualTo("error");
    assertThat(answer.get("error").asText())
        .isEqualTo("No client id: " + request.replace('\'', '"'));
  }

  @Test
  void missingFile_isReceived_andThenAnError() throws IOException {
    export("[{'type':'file','path':'cat.txt'},{'type':'file','path':'child/dog.txt'}]");

    List<Received> answers = peer.receive(BACK, 2);
    assertThat(answers.get(0).json().get("action").asText()).isEqualTo("request_received");
    assertThat(answers.get(1).text())
        .isEqualTo(
            """
            {"action":"error","id":"%s","error":"Missing or invalid key: child/dog.txt"}"""
                .formatted(answers.get(0).json().get("id").asText()));
  }

  /** The predecessor falls silent after the first answer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'type':'file','path':'child'}] | Missing or invalid key: child",
        "[{'type':'directory','path':'cat.txt'}] | Missing or invalid key: cat.txt",
        "[{'type':'literal','content':'x'}] | targets[0].name is missing",
        "[{'type':'link','path':'cat.txt'}] | targets[0].type must be file",
        "17 | targets must be an array",
        "[{'type':'file','root':'closed','path':'x'}] | Invalid root: closed"
      })
  void requestWithAnotherFault_isReceived_andThenAnErrorThatItsStatusTellsToo(
      String targets, String sentence) throws IOException {
    export(targets);

    List<Received> answers = peer.receive(BACK, 2);
    JsonNode received = answers.get(0).json();
    assertThat(received.get("status").asText()).isEqualTo("ok");
    JsonNode error = answers.get(1).json();
    assertThat(error.get("action").asText()).isEqualTo("error");
    assertThat(error.get("id")).isEqualTo(received.get("id"));
    assertThat(error.get("error").asText()).startsWith(sentence);
    String status = received.get("status_url").asText().substring(URL.length());
    assertThat(server.get(status).json().get("status").asText())
        .isIn("failed", "missing_or_invalid_targets");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no JSON | it is not JSON",
        "{\"a\": | it is not JSON",
        "[] | it is no JSON object",
        "{} | it names no return_queue",
        "{\"return_queue\":\"\",\"root\":\"main\",\"client_id\":1} | it names no return_queue",
        "{\"return_queue\":{},\"root\":\"main\",\"client_id\":1} | it names no return_queue",
        "{\"return_queue\":\"other\",\"root\":\"main\",\"client_id\":1} | none of return_queues",
        "{\"return_queue\":\"x\"}{} | more than one JSON object"
      })
  void messageThatCannotBeAnswered_isPutAside_andLoggedWithoutItsText(String body, String reason)
      throws IOException {
    long before = unreadable();
    try (LogLines log = new LogLines()) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      peer.sendBytes(IN, bytes);

      Received aside = peer.receive(DEAD, 1).get(0);
      assertThat(aside.text()).isEqualTo(body);
      assertThat(aside.response().getProps().getHeaders().get("reason").toString())
          .contains(reason);
      assertThat(log.records())
          .anyMatch(
              line ->
                  line.contains("A message of " + bytes.length + " bytes")
                      && line.contains(ExportMessage.digest(bytes))
                      && line.contains(reason)
                      && !line.contains(body));
    }
    assertThat(awaited(AmqpTest::unreadable, count -> count > before)).isEqualTo(before + 1);
    assertThat(peer.ready(IN)).isZero();
  }

  @Test
  void messageThatIsNoUtf8_isPutAside() throws IOException {
    peer.sendBytes(IN, "{\"return_queue\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(peer.receive(DEAD, 1).get(0).response().getProps().getHeaders().get("reason"))
        .hasToString("it is not UTF-8");
  }

  private static long unreadable() {
    return metric("lading_amqp_requests_total{outcome=\"unreadable\"}");
  }

  private static long metric(String name) {
    return server
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void returnQueueThatIsMissing_isMadeDurable() throws IOException {
    String queue = "q".repeat(255);
    peer.channel().queueDelete(queue);
    peer.send(IN, "{'root':'no','return_queue':'%s','client_id':1}".formatted(queue));

    // A declaration of another kind would be an error.
    assertThat(peer.receive(queue)).contains("Invalid root: no");
    peer.channel().queueDelete(queue);
  }

  @Test
  void returnQueueOfAnotherKind_isLeftAsItIs() throws IOException {
    peer.channel().queueDelete("limited");
    peer.channel().queueDeclare("limited", false, false, false, Map.of("x-max-length", 5));
    peer.send(IN, "{'root':'no','return_queue':'limited','client_id':1}");

    GetResponse got =
        awaited(
            () -> {
              try {
                return peer.channel().basicGet("limited", true);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            },
            message -> message != null);
    assertThat(new String(got.getBody(), StandardCharsets.UTF_8)).contains("Invalid root: no");
    peer.channel().queueDelete("limited");
  }

  @Test
  void messageThatComesTwice_isTheSameRequestOnlyIfTheBrokerDeliversItAgain() throws IOException {
    String body = request("[{'type':'file','path':'cat.txt'}]");
    peer.send(IN, body);
    String first = peer.receive(BACK, 2).get(0).json().get("id").asText();

    // The application asks for the same in the same words.
    peer.send(IN, body);
    assertThat(peer.receive(BACK, 2).get(0).json().get("id").asText()).isNotEqualTo(first);

    // Somebody got it, and did not acknowledge it.
    server.close();
    peer.send(IN, body);
    peer.channel().basicGet(IN, false);
    peer.channel().basicRecover(true);
    server = LadingServer.start(directory, settings());
    awaited(() -> metric("lading_amqp_requests_total{outcome=\"repeated\"}"), count -> count == 1);

    // One that nobody has stored is none of those.
    server.close();
    peer.send(IN, body.replace("directory_1", "directory_new"));
    peer.channel().basicGet(IN, false);
    peer.channel().basicRecover(true);
    server = LadingServer.start(directory, settings());
    assertThat(peer.receive(BACK, 2).get(0).json().get("client_id").asText())
        .isEqualTo("directory_new");
  }

  @Test
  void requestsOverTheLimit_waitInTheirQueue(@TempDir Path place) throws IOException {
    SettableClock clock = SettableClock.atNow(ChronoUnit.SECONDS);
    Files.createDirectories(place.resolve("root"));
    Files.writeString(place.resolve("root/cat.txt"), "meow");
    String settings =
        settings().replace("incoming_queue: " + IN, "incoming_queue: limited_in")
            + "limits: {client: {creates_per_minute: 30}}\n";
    try (LadingServer limited =
        LadingServer.start(
            place,
            settings.replace("name: closed, path: closed", "name: closed, path: root"),
            clock)) {
      for (int i = 0; i < 32; i++) {
        peer.send(
            "limited_in", request("[{'type':'file','path':'cat.txt'}]").replace("_1", "_" + i));
      }
      peer.receive(BACK, 60);
      clock.set(clock.instant().plusSeconds(2));
      assertThat(peer.receive(BACK, 2).get(0).json().get("client_id").asText())
          .isEqualTo("directory_30");
      assertThat(limited.number("select count(*) from download")).isEqualTo(31);
      clock.set(clock.instant().plusSeconds(2));
      peer.receive(BACK, 2);
    }
    peer.channel().queueDelete("limited_in");
  }

  /**
   * Exports while the broker is stopped and nodes are killed. {@code -Dtest=AmqpTest -Dexports=1000
   * -Dfaults=5 -Dnodes=2} has more of each.
   */
  @Test
  void exportsWhileBrokerAndNodesFail_areAllAnsweredOnceAndInOrder(@TempDir Path campaign)
      throws Exception {
    int exports = Integer.getInteger("exports", 30);
    int faults = Integer.getInteger("faults", 1);
    int nodes = Integer.getInteger("nodes", 1);
    Files.createDirectories(campaign.resolve("root"));
    Files.writeString(campaign.resolve("root/cat.txt"), "meow");
    peer.close();
    long begin = System.nanoTime();
    try (ExportCampaign run = new ExportCampaign(broker, campaign, exports, nodes)) {
      run.run(faults);
      assertThat(run.faults()).isEmpty();
      System.out.printf(
          "%d exports, %d stops and kills, %d nodes: %d answers came twice, %d s%n",
          exports,
          faults,
          nodes,
          run.duplicates(),
          Duration.ofNanos(System.nanoTime() - begin).toSeconds());
    }
    connect();
  }

  @Test
  void databaseThatDoesNotAnswer_stopsTheConsumer_andNothingIsLost() throws Exception {
    try (LogLines log = new LogLines();
        java.sql.Connection other = server.database().connect();
        Statement statement = other.createStatement()) {
      statement.execute("begin exclusive");
      for (int i = 0; i < 3; i++) {
        String request = request("[{'type':'file','path':'cat.txt'}]");
        peer.send(IN, request.replace("directory_1", "directory_" + i));
      }
      // Lading waits 10 seconds for a lock.
      awaited(
          () -> log.records().stream().filter(line -> line.contains("is not connected")).toList(),
          lines -> lines.toString().contains("The database did not answer"));
      assertThat(peer.poll(BACK)).isNull();
      statement.execute("rollback");

      assertThat(peer.receive(BACK, 6)).hasSize(6);
      assertThat(log.records().stream().filter(line -> line.contains(CONNECTED)))
          .hasSizeLessThan(3);
    }
    assertThat(peer.ready(IN)).isZero();
  }

  @Test
  void requestWhoseHandlingFailsEachTime_isPutAside_andTheNextOneIsTaken() throws IOException {
    String request = request("[{'type':'file','path':'cat.txt'}]");
    server.sql("alter table download rename to download_away");
    try {
      peer.send(IN, request);
      Received aside = peer.receive(DEAD, 1).get(0);
      assertThat(aside.text()).isEqualTo(request.replace('\'', '"'));
      assertThat(aside.response().getProps().getHeaders().get("reason"))
          .hasToString("its handling fails each time");
    } finally {
      server.sql("alter table download_away rename to download");
    }
    peer.send(IN, request);
    assertThat(peer.receive(BACK, 2)).hasSize(2);
  }

  @Test
  void check_tellsOfTheQueue_makesNone_andKeepsThePassword() {
    String found =
        awaited(() -> check(IN, "guest").toString(), text -> text.contains("consumers: 1"));
    assertThat(found)
        .isEqualTo(
            "ok      broker: amqp://guest@127.0.0.1:%d, vhost / answers; the queue %s has messages: 0;"
                    .formatted(broker.port(), IN)
                + " consumers: 1, stop those that are no Lading");
    for (int i = 0; i < 2; i++) {
      assertThat(check("never made", "guest").text()).contains("there is no queue never made yet");
    }
    assertThat(check(IN, "wrong-password"))
        .satisfies(finding -> assertThat(finding.isFault()).isTrue())
        .asString()
        .contains("ACCESS_REFUSED")
        .doesNotContain("wrong-password");
  }

  private static Finding check(String queue, String password) {
    BrokerSettings settings =
        new BrokerSettings(
            "127.0.0.1", broker.port(), "guest", password, "/", null, Duration.ofSeconds(30));
    AmqpSettings amqp = new AmqpSettings(settings, queue, null, null, 1, Set.of());
    return SystemCheck.ask(List.of(BrokerQuestion.of(amqp)), Duration.ofMinutes(1)).get(0);
  }

  @Test
  void status_hasTheBroker_andMetricsTheRequests() throws IOException {
    JsonNode status =
        awaited(
            () -> server.get("/status").json(),
            all -> all.get("parts").get("amqp").get("status").asText().equals("ok"));
    assertThat(status.get("parts").get("amqp").get("incoming_queue").asText()).isEqualTo(IN);
    assertThat(status.get("amqpListener").get("status").asText()).isEqualTo("running");
    assertThat(metric("lading_amqp_connected{role=\"consumer\"}")).isEqualTo(1);
    assertThat(metric("lading_amqp_connected{role=\"publisher\"}")).isEqualTo(1);
    long created = metric("lading_amqp_requests_total{outcome=\"created\"}");
    export("[{'type':'file','path':'cat.txt'}]");
    peer.receive(BACK, 2);
    assertThat(metric("lading_amqp_requests_total{outcome=\"created\"}")).isEqualTo(created + 1);
  }

  @Test
  void brokerThatComesLater_needsNoRestart_andDownloadsGoOnMeanwhile(@TempDir Path home)
      throws IOException {
    Files.writeString(Files.createDirectories(home.resolve("root")).resolve("cat.txt"), "meow");
    int port = NginxServer.freePort();
    String settings =
        "roots: [{name: main, path: root}]\nnginx_url: %s\nincoming_queue: later\namqp: {port: %d}\n"
            .formatted("https://files.example.org", port);
    try (LogLines log = new LogLines();
        LadingServer waiting = LadingServer.start(home, settings)) {
      String body = "{'root': 'main', 'targets': [{'type': 'file', 'path': 'cat.txt'}]}";
      assertThat(waiting.create(body).status()).isEqualTo(201);
      assertThat(waiting.get("/health/ready").status()).isEqualTo(200);
      JsonNode amqp = waiting.status().json().at("/parts/amqp");
      assertThat(amqp.get("status").asText()).isEqualTo("unavailable");
      try (TcpProxy proxy = new TcpProxy(broker.port(), port)) {
        awaited(
            () -> waiting.get("/metrics").text(),
            text -> text.contains("lading_amqp_connected{role=\"consumer\"} 1"));
        assertThat(proxy.forwarded()).isPositive();
      }
      assertThat(log.records()).noneMatch(line -> line.contains("\tat "));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true, true, true",
    "127.0.0.1, true, true, false",
    "localhost, true, false, false",
    "127.0.0.1, false, false, true"
  })
  void tls_isVerified_unlessTheSettingsSayOtherwise(
      String host, boolean isVerified, boolean isKnown, boolean expected) throws Exception {
    List<Path> authorities = isKnown ? List.of(broker.certificate().pem()) : List.of();
    BrokerConnector connector =
        new BrokerConnector(
            new BrokerSettings(
                host,
                broker.tlsPort(),
                "guest",
                "guest",
                "/",
                new TlsSettings(isVerified, authorities),
                Duration.ofSeconds(30)));

    if (expected) {
      try (Connection connection = connector.open("test");
          Channel channel = connection.createChannel()) {
        assertThat(channel.isOpen()).isTrue();
      }
    } else {
      assertThatThrownBy(() -> connector.open("test"))
          .satisfies(thrown -> assertThat(certificateFault(thrown)).isNotNull());
    }
  }

  private static @Nullable Throwable certificateFault(Throwable thrown) {
    Throwable cause = thrown;
    while (cause != null && !(cause instanceof java.security.cert.CertificateException)) {
      cause = cause.getCause();
    }
    return cause;
  }
}
