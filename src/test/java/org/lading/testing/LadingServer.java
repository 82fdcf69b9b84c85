package org.lading.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.naming.NamingException;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.InstanceManager;
import org.apache.tomcat.SimpleInstanceManager;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.lading.app.LadingListener;
import org.lading.app.Surroundings;
import org.lading.http.ContainerErrorServlet;
import org.lading.testing.Http.Reply;

/** Lading in a Tomcat of its own on a free loopback port, deployed at /downloads. */
public final class LadingServer implements AutoCloseable {
  /** The system property with the threads that Tomcat may have for requests. */
  public static final String MAX_THREADS = "lading.testing.maxThreads";

  /** The system property with the bytes that Tomcat writes to a socket at once. */
  public static final String WRITE_BUFFER = "lading.testing.writeBuffer";

  /**
   * The preference of a client that waits until its download is prepared, however long that takes.
   */
  public static final String PATIENT = "wait=300";

  /** Tomcat's default number of threads. */
  public static final int TOMCAT_THREADS = 200;

  /** Few, so that a test with more clients shows who holds one. */
  private static final String FEW = "10";

  private static final String TOMCAT_WRITE_BUFFER = "8192";

  private final Tomcat tomcat = new Tomcat();
  private final Path directory;
  private final TestDatabase database;
  private final Context context;
  private final Http http;

  private LadingServer(Path directory, TestDatabase database, Surroundings surroundings, int port)
      throws IOException, LifecycleException {
    this.directory = directory;
    this.database = database;
    tomcat.setBaseDir(Files.createDirectories(directory.resolve("tomcat")).toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.getConnector().setProperty("maxThreads", System.getProperty(MAX_THREADS, FEW));
    tomcat
        .getConnector()
        .setProperty(
            "socket.appWriteBufSize", System.getProperty(WRITE_BUFFER, TOMCAT_WRITE_BUFFER));
    this.context =
        tomcat.addContext(
            "/downloads", Files.createDirectories(directory.resolve("docs")).toString());
    context.addParameter("lading.config", directory.resolve("lading.yml").toString());
    context.addApplicationListener(LadingListener.class.getName());
    // As in web.xml, which this Tomcat does not read.
    ErrorPage errors = new ErrorPage();
    errors.setLocation(ContainerErrorServlet.PATH);
    context.addErrorPage(errors);
    context.setInstanceManager(listenersIn(surroundings));
    tomcat.start();
    this.http = new Http(URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort()));
  }

  /**
   * Starts a server.
   *
   * @param directory gets the configuration file, and {@code storage} unless it says otherwise
   * @param settings YAML; {@code storage: storage} and {@code clients: open} are added where
   *     missing
   */
  public static LadingServer start(Path directory, String settings) {
    return start(directory, settings, Surroundings.ofNode(Clock.systemUTC()), 0);
  }

  /** As above, on the given clock. */
  public static LadingServer start(Path directory, String settings, Clock clock) {
    return start(directory, settings, clock, 0);
  }

  /** As above, on the given port; 0 for any that is free. */
  public static LadingServer start(Path directory, String settings, Clock clock, int port) {
    return start(directory, settings, Surroundings.on(clock), port);
  }

  /** As above, in the given surroundings. */
  public static LadingServer start(
      Path directory, String settings, Surroundings surroundings, int port) {
    try {
      String yaml = settings + "\n";
      yaml += settings.contains("storage:") ? "" : "storage: storage\n";
      yaml += settings.contains("clients:") ? "" : "clients: open\n";
      TestDatabase database = TestDatabase.of(directory, settings);
      yaml += database.settings();
      Files.writeString(directory.resolve("lading.yml"), yaml);
      return new LadingServer(directory, database, surroundings, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  /** GET of a page below the context path. */
  public Reply get(String page, String... headers) {
    return http.get("/downloads" + page, headers);
  }

  /** GET of /status, which waits until each part has answered its check or is known to hang. */
  public Reply status() {
    return get("/status", "Prefer", "wait=10");
  }

  /** HEAD of a page below the context path. */
  public Reply head(String page, String... headers) {
    return http.head("/downloads" + page, headers);
  }

  /** Any call to a page below the context path. */
  public Reply call(String method, String page, String body, String... headers) {
    byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    return http.call(method, "/downloads" + page, bytes, headers);
  }

  /** POST to /create; single quotes in the JSON stand for double ones. */
  public Reply create(String json, String... headers) {
    return call("POST", "/create", json.replace('\'', '"'), patient(headers));
  }

  /** POST to /create of raw bytes. */
  public Reply create(byte[] body, String... headers) {
    return http.post("/downloads/create", body, patient(headers));
  }

  private static String[] patient(String... headers) {
    if (Stream.of(headers).anyMatch(header -> header.equals("Prefer"))) {
      return headers;
    }
    return Stream.concat(Stream.of(headers), Stream.of("Prefer", PATIENT)).toArray(String[]::new);
  }

  /** The manifest text of a download that a create answered, as {@code get} has it. */
  public String manifest(Reply created, String... headers) {
    Reply reply = get(page(created, "get"), headers);
    if (reply.status() != 200) {
      throw new AssertionError("no manifest: " + reply);
    }
    return reply.text();
  }

  /** The page of a download that a create answered, below the context path. */
  public static String page(Reply created, String page) {
    if (created.status() != 201) {
      throw new AssertionError("not created: " + created);
    }
    String url = created.json().get("download_url").asText();
    String get = url.substring(url.indexOf("/downloads") + "/downloads".length());
    return get.substring(0, get.lastIndexOf('/') + 1) + page;
  }

  /** Everything that is stored: rows of the tables of downloads, files and links. */
  public Set<String> stored() {
    Set<String> stored = new TreeSet<>();
    database.texts("select id from download").forEach(row -> stored.add("download " + row));
    for (String table : new String[] {"entry_chunk", "target_chunk", "literal_chunk"}) {
      database
          .texts("select download_id from " + table)
          .forEach(row -> stored.add(table + " " + row));
    }
    try (Stream<Path> files = Files.walk(directory.resolve("storage/content"))) {
      files.skip(1).forEach(file -> stored.add(file.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stored;
  }

  /** The names of the jobs that are to be done, now or later. */
  public List<String> jobs() {
    return database.texts(
        "select task_name from preparation_job"
            + " union all select task_name from long_preparation_job");
  }

  /** The first column of the first row that a query finds in the database, or null. */
  public String text(String query) {
    List<String> texts = database.texts(query);
    return texts.isEmpty() ? null : texts.get(0);
  }

  /** As above, a number. */
  public long number(String query) {
    return database.number(query);
  }

  /** The database, to look into and to change without the application. */
  public TestDatabase database() {
    return database;
  }

  /** Makes all jobs of a table due, as if their time had come. */
  public void makeDue(String table, String condition) {
    sql(
        "update %s set execution_time = %s where %s"
            .formatted(table, database.time(Instant.EPOCH), condition));
  }

  /** Changes the database directly, without the application. */
  public void sql(String statement) {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether this thread is one that the container started for itself. */
  public static boolean isContainers(Thread thread) {
    return thread.getName().startsWith("http-nio-") || thread.getName().startsWith("Catalina-");
  }

  /** Takes Lading away, as an operator does, while its container goes on. */
  public void undeploy() {
    tomcat.getHost().removeChild(context);
  }

  @Override
  public void close() {
    http.close();
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tomcat's way of making listeners, except that ours get their surroundings. */
  private static InstanceManager listenersIn(Surroundings surroundings) {
    return new SimpleInstanceManager() {
      @Override
      public Object newInstance(String className)
          throws IllegalAccessException,
              InvocationTargetException,
              InstantiationException,
              NamingException,
              ClassNotFoundException,
              NoSuchMethodException {
        return className.equals(LadingListener.class.getName())
            ? new LadingListener(surroundings)
            : super.newInstance(className);
      }
    };
  }
}
