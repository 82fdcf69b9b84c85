package org.lading.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.deploy.Installation.FILES;
import static org.lading.deploy.Installation.assertServed;
import static org.lading.deploy.Installation.createDownload;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http;
import org.lading.testing.LogLines;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.S3Server;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/** The WAR in a Tomcat that has a pool of connections to PostgreSQL for it, under a JNDI name. */
class JndiDatabaseIT {
  private static final Path WAR = Path.of(System.getProperty("lading.war"));
  private static final String CONTEXT = "/downloads";
  private static final String POOL =
      """
      <Resource name="jdbc/lading" type="javax.sql.DataSource" auth="Container"
                factory="com.zaxxer.hikari.HikariJNDIFactory" closeMethod="close"
                driverClassName="org.postgresql.Driver" jdbcUrl="%s" username="%s" autoCommit="%s"/>
      """;
  private static final String SETTINGS =
      """
      roots: [{name: files, path: files, serve: direct}]
      storage: storage
      clients: open
      """;
  private static final String[] LIBRARIES = {"com.zaxxer.hikari.", "org.postgresql.", "org.slf4j."};

  @TempDir Path directory;

  @NeedsProgram(Programs.UNSHARE)
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void dataSource_isUsed_whateverItSaysOfCommitting(String autoCommit) throws Exception {
    String url = PostgresServer.newDatabase();
    String pool = POOL.formatted(url, PostgresServer.USER, autoCommit);
    try (S3Server s3 = Installation.store();
        Container tomcat = new TomcatContainer(directory("tomcat"), pool, LIBRARIES)) {
      Installation installation = new Installation(directory, s3);
      installation.configure(SETTINGS + "database: {jndi: 'java:comp/env/jdbc/lading'}\n");
      Container.Deployment lading = tomcat.deploy("downloads", WAR, installation.configuration());
      String download;
      try (Http http = new Http(tomcat.address())) {
        download = createDownload(http, CONTEXT, FILES, "dir");
        assertServed(http, CONTEXT, download, "a%20b.txt");
      }
      assertThat(
              TestDatabase.postgres(url)
                  .number("select count(*) from download where state = 'READY'"))
          .isEqualTo(1);
      assertThat(TestDatabase.postgres(url).number("select count(*) from preparation_job"))
          .isZero();
      assertThat(installation.storage().resolve("database")).doesNotExist();

      WeakReference<ClassLoader> loader = new WeakReference<>(lading.classLoader());
      lading.undeploy();
      lading = null;
      assertThat(Traces.isCollected(loader, () -> {})).as("class loader is collected").isTrue();

      tomcat.deploy("downloads", WAR, installation.configuration());
      try (Http http = new Http(tomcat.address())) {
        assertServed(http, CONTEXT, download, "a%20b.txt");
      }
    }
  }

  @Test
  void nameThatIsNotBound_isNamedInTheLog() throws IOException {
    try (S3Server s3 = Installation.store();
        LogLines log = new LogLines();
        Container tomcat = new TomcatContainer(directory("tomcat"));
        Http http = new Http(tomcat.address())) {
      Installation installation = new Installation(directory, s3);
      installation.configure(SETTINGS + "database: {jndi: 'java:comp/env/jdbc/none'}\n");
      tomcat.deploy("downloads", WAR, installation.configuration());
      assertThat(http.get(CONTEXT + "/status").status()).isEqualTo(503);
      assertThat(log.warnings()).anyMatch(line -> line.contains("java:comp/env/jdbc/none"));
    }
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }
}
