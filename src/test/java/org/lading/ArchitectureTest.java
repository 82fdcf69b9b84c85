package org.lading;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lading.testing.Documents;

/** The rooms of the house, and which may look into which. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.lading");

  /** What each room may import, besides itself and libraries. */
  private static final Map<String, List<String>> ROOMS =
      Map.ofEntries(
          Map.entry(
              "http",
              List.of(
                  "archive",
                  "download",
                  "limit",
                  "manifest",
                  "modzip",
                  "root",
                  "page",
                  "error",
                  "base")),
          Map.entry(
              "archive",
              List.of("download", "checksum", "manifest", "zip", "root", "error", "base")),
          Map.entry("cors", List.of("api", "http", "error", "base")),
          Map.entry("audit", List.of("archive", "download", "manifest", "error", "base")),
          Map.entry("body", List.of("http", "error", "base")),
          Map.entry("access", List.of("error", "base")),
          Map.entry(
              "link",
              List.of(
                  "access",
                  "api",
                  "http",
                  "download",
                  "limit",
                  "manifest",
                  "metrics",
                  "page",
                  "request",
                  "error",
                  "base")),
          Map.entry("request", List.of("access", "download", "event", "manifest", "error", "base")),
          Map.entry(
              "browse",
              List.of(
                  "access",
                  "api",
                  "body",
                  "download",
                  "limit",
                  "manifest",
                  "metrics",
                  "page",
                  "request",
                  "root",
                  "error",
                  "base")),
          Map.entry(
              "api",
              List.of(
                  "access",
                  "body",
                  "download",
                  "event",
                  "estimate",
                  "health",
                  "limit",
                  "manifest",
                  "metrics",
                  "page",
                  "request",
                  "error",
                  "base")),
          Map.entry("estimate", List.of("download", "manifest", "error", "base")),
          Map.entry("health", List.of("http", "error", "base")),
          Map.entry("metrics", List.of("base")),
          Map.entry(
              "store",
              List.of(
                  "store.sqlite",
                  "access",
                  "download",
                  "event",
                  "limit",
                  "manifest",
                  "checksum",
                  "error",
                  "base")),
          Map.entry("store.sqlite", List.of("error", "base")),
          Map.entry("job", List.of("download", "error", "base")),
          Map.entry("download", List.of("event", "limit", "manifest", "error", "base")),
          Map.entry("limit", List.of("error", "base")),
          Map.entry("event", List.of("error", "base")),
          Map.entry("modzip", List.of("manifest", "root", "error", "base")),
          Map.entry("manifest", List.of("checksum", "root", "error", "base")),
          Map.entry("checksum", List.of("error", "base")),
          Map.entry("root.filesystem", List.of("root", "root.watch", "error", "base")),
          Map.entry("root.s3", List.of("root", "error", "base")),
          Map.entry("root.watch", List.of("root", "error", "base")),
          Map.entry("root", List.of("error", "base")),
          Map.entry(
              "nginx",
              List.of(
                  "config",
                  "audit",
                  "access",
                  "api",
                  "manifest",
                  "modzip",
                  "root",
                  "root.filesystem",
                  "root.s3",
                  "error",
                  "base")),
          Map.entry(
              "config",
              List.of(
                  "access",
                  "audit",
                  "check",
                  "amqp",
                  "api",
                  "download",
                  "link",
                  "limit",
                  "manifest",
                  "request",
                  "root",
                  "root.filesystem",
                  "root.s3",
                  "webhook",
                  "error",
                  "base")),
          Map.entry(
              "check",
              List.of("amqp", "store", "root", "root.filesystem", "root.s3", "error", "base")),
          Map.entry("webhook", List.of("access", "api", "download", "event", "error", "base")),
          Map.entry("amqp", List.of("download", "event", "limit", "manifest", "error", "base")),
          Map.entry("usage", List.of("store.sqlite", "error", "base")),
          Map.entry(
              "backup",
              List.of(
                  "config",
                  "download",
                  "root",
                  "root.filesystem",
                  "store",
                  "store.sqlite",
                  "error",
                  "base")),
          Map.entry("zip", List.of("base")),
          Map.entry("launch", List.of()),
          Map.entry("base", List.of()),
          Map.entry("page", List.of("base")),
          Map.entry("error", List.of("page", "base")));

  static Stream<String> rooms() {
    return ROOMS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void room_importsOnlyWhatItMay(String room) {
    DescribedPredicate<JavaClass> allowed =
        ROOMS.get(room).stream()
            .map(ArchitectureTest::in)
            .reduce(in(room), (one, other) -> one.or(other))
            .or(DescribedPredicate.not(resideInAPackage("org.lading..")));
    classes().that(in(room)).should().onlyDependOnClassesThat(allowed).check(CLASSES);
  }

  @Test
  void everyRoom_isInTheTable() {
    List<String> unknown =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .distinct()
            .filter(name -> !name.equals("org.lading") && !name.equals("org.lading.app"))
            .filter(
                name -> ROOMS.keySet().stream().noneMatch(r -> name.startsWith("org.lading." + r)))
            .toList();
    assertThat(unknown).isEmpty();
  }

  @Test
  void document_hasTheRoomsAndWhatTheyMayImport() {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (List<String> row : Documents.table("ARCHITECTURE.md", "<!-- rooms -->")) {
      String room = row.get(0).replace("`", "");
      documented.put(room, Documents.code(row.get(2)));
      assertThat(Path.of("src/main/java/org/lading", room.split("\\.")))
          .isDirectoryContaining(file -> file.endsWith("package-info.java"));
    }
    Map<String, Set<String>> held = new TreeMap<>();
    ROOMS.forEach((room, others) -> held.put(room, new TreeSet<>(others)));
    held.put("app", Set.of());
    assertThat(documented).isEqualTo(held);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("org.lading.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void libraries_areSeenWhereTheyBelong() {
    onlyIn("software.amazon.awssdk..", "org.lading.root.s3..");
    onlyIn("com.sun.jna..", "org.lading.root.filesystem..");
    onlyIn("com.nimbusds..", "org.lading.access..");
    onlyIn("org.apache.hc..", "org.lading.webhook..");
    onlyIn("com.rabbitmq..", "org.lading.amqp..");
    onlyIn("org.yaml..", "org.lading.config..");
    onlyIn("com.github.kagkarlsson..", "org.lading.job..");
    onlyIn("io.micrometer..", "org.lading.metrics..");
    onlyIn("org.jdbi..", "org.lading.store");
    onlyIn("org.flywaydb..", "org.lading.store");
    onlyIn("org.sqlite..", "org.lading.store.sqlite");
    onlyIn("jakarta.ws.rs..", "org.lading.api..", "org.lading.browse..", "org.lading.app..");
    onlyIn("org.glassfish..", "org.lading.app..");
    onlyIn("org.eclipse.jetty..", "org.lading.launch..");
    onlyIn(
        "jakarta.servlet..",
        "org.lading.http..",
        "org.lading.access..",
        "org.lading.body..",
        "org.lading.browse..",
        "org.lading.cors..",
        "org.lading.health..",
        "org.lading.api..",
        "org.lading.link..",
        "org.lading.app..");
  }

  @Test
  void files_areShort() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readAllLines(source)).as(source.toString()).hasSizeLessThan(400);
      }
    }
  }

  private static void onlyIn(String library, String... rooms) {
    noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  /** A room's own package, and below it unless that is a room of its own. */
  private static DescribedPredicate<JavaClass> in(String room) {
    return room.equals("root") || room.equals("store")
        ? resideInAPackage("org.lading." + room)
        : resideInAPackage("org.lading." + room + "..");
  }
}
