package org.lading.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.lading.deploy.Installation.BUCKET;
import static org.lading.deploy.Installation.CHAIN;
import static org.lading.deploy.Installation.FILES;
import static org.lading.deploy.Installation.assertIsUp;
import static org.lading.deploy.Installation.assertServed;
import static org.lading.deploy.Installation.createDownload;
import static org.lading.testing.Traces.eventually;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationLoader;
import org.lading.deploy.Container.Deployment;
import org.lading.store.EntryDamage;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LogLines;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.S3Server;
import org.lading.testing.Traces;

/** What the WAR as it was built does in any container, from its deployment to its end. */
abstract class WarContract {
  private static final Path WAR = Path.of(System.getProperty("lading.war"));
  private static final String CONTEXT = "/downloads";

  /** Enough requests for each of the ten threads of a container to have some. */
  private static final int ROUNDS_OF_WORK = 4;

  /** More than a container has threads. */
  private static final int SLOW_CLIENTS = 12;

  @TempDir Path directory;
  static S3Server s3;
  private Installation installation;
  private Container container;
  private Http http;
  private final LogLines log = new LogLines();

  /** Starts a container without an application. */
  abstract Container start(Path base);

  @BeforeAll
  static void startStore() {
    s3 = Installation.store();
  }

  @AfterAll
  static void stopStore() throws IOException {
    s3.close();
  }

  @BeforeEach
  void install() throws IOException {
    System.setProperty("aws.accessKeyId", s3.accessKeyId());
    System.setProperty("aws.secretAccessKey", s3.secretAccessKey());
    installation = new Installation(directory, s3);
    container = start(Files.createDirectories(directory.resolve("container")));
    http = new Http(container.address());
  }

  @AfterEach
  void stop() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    http.close();
    container.close();
    log.close();
  }

  @Test
  void war_servesEveryPageOfEveryRoot_withItsOwnClasses() throws Exception {
    assertSeesNoClassOfItsContainerBesidesTheServletApi(deploy().classLoader());

    assertThat(http.head(CONTEXT).status()).as("the context path").isEqualTo(200);
    String files = createDownload(http, CONTEXT, FILES, "dir");
    assertServed(http, CONTEXT, files, "/internal/roots/files/dir/a%20b.txt");
    for (String root : List.of(BUCKET, CHAIN)) {
      String objects = createDownload(http, CONTEXT, root, "dir");
      assertServed(http, CONTEXT, objects, "/content/my/collection/dir/a%20b.txt?X-Amz-");
    }
  }

  private static void assertSeesNoClassOfItsContainerBesidesTheServletApi(ClassLoader webapp)
      throws ClassNotFoundException {
    for (String bundled :
        List.of(
            "org.lading.app.LadingListener",
            "com.fasterxml.jackson.core.JsonFactory",
            "software.amazon.awssdk.services.s3.S3Client",
            "org.slf4j.LoggerFactory")) {
      assertThat(Class.forName(bundled, false, webapp).getClassLoader()).isSameAs(webapp);
      ThrowingCallable besides = () -> Class.forName(bundled, false, webapp.getParent());
      assertThatThrownBy(besides).isInstanceOf(ClassNotFoundException.class);
    }
    for (String ofLauncher :
        List.of("org.lading.launch.Main", "org.eclipse.jetty.server.ServerConnector")) {
      ThrowingCallable launcher = () -> Class.forName(ofLauncher, false, webapp);
      assertThatThrownBy(launcher).isInstanceOf(ClassNotFoundException.class);
    }
    ThrowingCallable onlyInTests = () -> Class.forName("org.junit.jupiter.api.Test", false, webapp);
    assertThatThrownBy(onlyInTests).isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void war_besideAnotherWithOtherVersionsOfItsLibraries_disturbsNoneAndIsNotDisturbed()
      throws IOException {
    container.deploy("neighbour", Neighbour.war(directory), null);
    assertNeighbourAnswers();

    Deployment lading = deploy();
    String download = createDownload(http, CONTEXT, FILES, "dir");
    assertServed(http, CONTEXT, download, "a%20b.txt");
    assertNeighbourAnswers();

    lading.undeploy();
    assertThat(http.get(download + "get").status()).isEqualTo(404);
    assertNeighbourAnswers();
  }

  @Test
  void war_besideItself_keepsItsOwnDownloads() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    new Installation(other, s3);
    deploy();
    Deployment second = container.deploy("other", WAR, other.resolve("lading.yml"));
    String here = createDownload(http, CONTEXT, FILES, "dir");
    String there = createDownload(http, "/other", FILES, "dir");

    assertServed(http, CONTEXT, here, "a%20b.txt");
    assertServed(http, "/other", there, "a%20b.txt");
    assertThat(http.get(here.replace(CONTEXT, "/other") + "get").status()).isEqualTo(404);

    second.undeploy();
    assertServed(http, CONTEXT, here, "a%20b.txt");
  }

  @NeedsProgram(Programs.UNSHARE)
  @Test
  void undeploy_afterWorkOnPostgres_leavesNothingBehind() throws Exception {
    installation.useDatabase(
        "url: \"%s\", user: %s".formatted(PostgresServer.newDatabase(), PostgresServer.USER));
    Before before = new Before();
    Deployment lading = deploy();
    String download = work();
    WeakReference<ClassLoader> loader = new WeakReference<>(lading.classLoader());

    lading.undeploy();

    before.assertAgain(loader);
    deploy();
    assertServed(http, CONTEXT, download, "a%20b.txt");
  }

  @Test
  void redeployment_timeAndAgain_leavesNothingBehind_andServesTheSameDownload() throws Exception {
    Before before = new Before();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    String download = null;
    for (int i = 0; i < 3; i++) {
      Deployment lading = deploy();
      download = download == null ? work() : download;
      assertServed(http, CONTEXT, download, "a%20b.txt");
      assertThat(Traces.connectionsTo(s3.endpoint().getPort())).isPositive();
      assertThat(Traces.openFilesBelow(installation.storage())).isNotEmpty();
      loaders.add(new WeakReference<>(lading.classLoader()));
      lading.undeploy();
    }
    loaders.forEach(before::assertAgain);
    try (Connection database = installation.database()) {
      assertThat(database.isValid(1)).isTrue();
    }
  }

  @Test
  void bodiesThatDoNotCome_holdNoThread() throws IOException {
    deploy();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (String head :
          List.of(
              "POST /downloads/create HTTP/1.1\r\nContent-Length: 9",
              "POST /downloads/create HTTP/1.1\r\nContent-Length: 70000000",
              "POST /downloads/create HTTP/1.1\r\nTransfer-Encoding: chunked",
              "GET /downloads/status HTTP/1.1\r\nContent-Length: 9",
              "POST /downloads/status HTTP/1.1\r\nTransfer-Encoding: chunked")) {
        for (int i = 0; i < SLOW_CLIENTS; i++) {
          sockets.add(RawHttp.send(container.address(), head + "\r\nHost: x\r\n\r\n"));
        }
      }
      assertServed(http, CONTEXT, createDownload(http, CONTEXT, FILES, "dir"), "a%20b.txt");

      Socket waiting = sockets.get(0);
      waiting.getOutputStream().write("[1, 2, 3]".getBytes(StandardCharsets.US_ASCII));
      assertThat(RawHttp.head(waiting)).startsWith("HTTP/1.1 400 ");
      assertThat(RawHttp.head(sockets.get(SLOW_CLIENTS))).startsWith("HTTP/1.1 413 ");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void configuration_withFaults_refusesEveryPageAndLogsThemAll() {
    installation.configure(
        """
        roots:
          - {name: files, path: files, unknown_key: 1}
        retention_days: many
        """);
    assertRefused(installation.configuration(), faults());
  }

  @Test
  void configuration_thatIsMissing_refusesEveryPageAndSaysWhereItLooked() {
    assertRefused(
        null,
        List.of(
            "no configuration file: looked at system property lading.config,"
                + " environment variable LADING_CONFIG, JNDI java:comp/env/lading/config,"
                + " servlet context parameter lading.config,"
                + " and for the file /etc/lading/lading.yml"));
  }

  @Test
  void database_thatCannotBeOpened_refusesEveryPage_andLeavesNothing_thenServesOnceItCan()
      throws IOException {
    Path file = Files.createDirectories(installation.storage()).resolve("database");
    Files.writeString(file, "not a directory");
    assertRefused(
        installation.configuration(),
        "starting",
        List.of("Not started yet, and tried again: database: the one in " + file));

    container.deploy("downloads", WAR, installation.configuration());
    Files.delete(file);
    Traces.awaited(() -> http.get(CONTEXT + "/status").status(), status -> status == 200);
  }

  @Test
  void configuration_namedByASystemProperty_goesBeforeTheContainers() {
    System.setProperty("lading.config", installation.configuration().toString());
    try {
      container.deploy("downloads", WAR, directory.resolve("there is none"));
    } finally {
      System.clearProperty("lading.config");
    }
    assertIsUp(http, CONTEXT);
  }

  @Test
  void manifest_failingAfterItsBeginning_breaksTheConnection() throws Exception {
    installation.addManyFiles();
    Deployment lading = deploy();
    String download = createDownload(http, CONTEXT, FILES, "many");
    lading.undeploy();
    try (Connection database = installation.database()) {
      EntryDamage.breakName(database, "many/file-2400.txt");
    }
    deploy();

    for (String page : List.of("get", "manifest")) {
      // A socket that times out because the connection stays open is a failure of the test.
      String chunked = RawHttp.exchange(container.address(), download + page, "HTTP/1.1");
      assertThat(chunked)
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("Transfer-Encoding: chunked")
          .contains(" many/file-1000.txt")
          .doesNotContain(" many/file-2400.txt")
          .doesNotContain("\r\n0\r\n");
      String plain = RawHttp.exchange(container.address(), download + page, "HTTP/1.0");
      assertThat(plain)
          .startsWith("HTTP/1.1 200")
          .contains(" many/file-1000.txt")
          .doesNotContain(" many/file-2400.txt")
          .matches("(?s).*\r\n! this manifest is not complete\r\n(\\[reset])?");
    }
  }

  @Test
  void refusals_alsoThoseOfTheContainer_haveTheFormOfLading() {
    deploy();
    Map<Integer, Reply> replies =
        Map.of(
            404, http.get(CONTEXT + "/org/lading/launch/Main.class"),
            405, http.call("DELETE", CONTEXT + "/status", null),
            406, http.get(CONTEXT + "/status", "Accept", "image/png"),
            403, http.post(CONTEXT + "/create", new byte[] {'{'}, "Origin", "http://evil.example"));
    replies.forEach(
        (status, reply) -> {
          assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
          assertThat(reply.json().get("status").asText()).isEqualTo("error");
        });
    assertThat(http.get(CONTEXT + "/x", "Accept", "text/html").text()).contains("no such page");
    for (String chunks : List.of("zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "5\r\n{")) {
      // Tomcat takes no answer once it could not read a body without blocking.
      assertThat(RawHttp.chunked(container.address(), CONTEXT + "/create", chunks))
          .as(chunks)
          .satisfiesAnyOf(
              nothing -> assertThat(nothing).isIn("", "[reset]"),
              ours -> assertThat(ours).startsWith("HTTP/1.1 400").contains("\"unparseable\""));
    }
  }

  @Test
  void create_ofALargeBodyThatIsLabelledAsAForm_isReadAsJson() {
    deploy();
    byte[] large =
        ("{\"root\": \"files\", \"targets\": []" + " ".repeat(300_000) + "}").getBytes(UTF_8);
    Reply reply =
        http.post(CONTEXT + "/create", large, "Content-Type", "application/x-www-form-urlencoded");
    assertThat(reply.json().get("code").asText())
        .as(reply.toString())
        .isIn("empty", "invalid_root");
  }

  private void assertRefused(Path configuration, List<String> logged) {
    assertRefused(configuration, "not_configured", logged);
  }

  private void assertRefused(Path configuration, String code, List<String> logged) {
    Before before = new Before();
    Deployment lading = container.deploy("downloads", WAR, configuration);
    for (String page : List.of("/", "/status", "/create", "/files/id/get", "/files/id/status")) {
      for (Reply reply :
          List.of(http.get(CONTEXT + page), http.post(CONTEXT + page, new byte[] {'{'}))) {
        assertThat(reply.status()).as(page).isEqualTo(503);
        assertThat(reply.json().get("code").asText()).as(page).isEqualTo(code);
      }
      assertThat(http.head(CONTEXT + page).status()).isEqualTo(503);
    }
    for (String words : logged) {
      assertThat(log.warnings())
          .anyMatch(line -> line.startsWith("org.lading.app.") && line.contains(words));
    }
    WeakReference<ClassLoader> loader = new WeakReference<>(lading.classLoader());
    lading.undeploy();
    before.assertAgain(loader);
  }

  /** What the loader says in this process of the same file. */
  private List<String> faults() {
    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationLoader.load(installation.configuration(), System.getenv()));
    assertThat(thrown.faults()).hasSizeGreaterThan(2);
    return thrown.faults();
  }

  /** Uses every part from many threads of the container; the answer is a download of the bucket. */
  private String work() {
    for (int i = 0; i < ROUNDS_OF_WORK; i++) {
      assertServed(http, CONTEXT, createDownload(http, CONTEXT, FILES, "dir"), "a%20b.txt");
      assertThat(http.post(CONTEXT + "/create", new byte[] {'{'}).status()).isEqualTo(400);
      assertServed(http, CONTEXT, createDownload(http, CONTEXT, CHAIN, "dir"), "a%20b.txt");
    }
    String download = createDownload(http, CONTEXT, BUCKET, "dir");
    assertServed(http, CONTEXT, download, "a%20b.txt");
    return download;
  }

  /** The process as it was before an application came. */
  private final class Before {
    private final Set<Thread> threads = Traces.threads();
    private final Set<String> beans = Traces.managementBeans();

    /** Asserts that nothing of the application with that class loader is left. */
    void assertAgain(WeakReference<ClassLoader> loader) {
      assertThat(eventually(() -> newThreads(true), List::isEmpty)).isEmpty();
      assertThat(Traces.threadsOf(loader)).isEmpty();
      assertThat(
              eventually(() -> Traces.connectionsTo(s3.endpoint().getPort()), count -> count == 0))
          .isZero();
      assertThat(eventually(() -> Traces.openFilesBelow(installation.storage()), List::isEmpty))
          .isEmpty();
      assertThat(Traces.managementBeans()).isEqualTo(beans);
      assertThat(log.warnings()).noneMatch(line -> line.contains("WebappClassLoader"));
      assertThat(Traces.isCollected(loader, this::useAnotherConnection))
          .as("class loader is collected")
          .isTrue();
      assertThat(eventually(this::newThreadsAfterGc, List::isEmpty)).isEmpty();
    }

    /** Jetty remembers what the last request of a connection came to, until another is used. */
    private void useAnotherConnection() {
      http.close();
      http = new Http(container.address());
      assertThat(http.get("/nothing").status()).isEqualTo(404);
    }

    private List<Thread> newThreadsAfterGc() {
      System.gc();
      return newThreads(false);
    }

    /**
     * Threads that came with the application.
     *
     * @param soon whether those may still be there that the JDK ends with what they clean up for,
     *     as it has one for the driver of PostgreSQL
     */
    private List<Thread> newThreads(boolean soon) {
      return Traces.threads().stream()
          .filter(thread -> !soon || !thread.getName().startsWith("Cleaner-"))
          .filter(thread -> !threads.contains(thread))
          // The JDK's, which ends a minute after the last process; the driver of SQLite starts one.
          .filter(thread -> !thread.getName().equals("process reaper"))
          .filter(thread -> !container.isOwn(thread) && !S3Server.isOwn(thread))
          .toList();
    }
  }

  private Deployment deploy() {
    return container.deploy("downloads", WAR, installation.configuration());
  }

  private void assertNeighbourAnswers() {
    assertThat(http.get("/neighbour/static.txt").text()).isEqualTo(Neighbour.STATIC);
    assertThat(http.get("/neighbour/page").text()).isEqualTo(Neighbour.PAGE);
  }
}
