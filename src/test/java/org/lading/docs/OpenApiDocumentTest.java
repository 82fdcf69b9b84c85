package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.HttpMethod;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.lading.testing.ApiDescription;
import org.lading.testing.Documents;

/** The description of the API for programs has what the code and the document for people have. */
class OpenApiDocumentTest {
  private static final String DOCUMENT = "docs/api.md";
  private static final Path SOURCES = Path.of("src/main/java");
  private static final ApiDescription API = read();

  /** The pages of a download that a filter serves; those of one entry are for nginx alone. */
  private static final Path FILTERED = SOURCES.resolve("org/lading/http/DownloadPagePath.java");

  private static final Pattern PAGES = Pattern.compile("/\\(\\[\\^/;]\\+\\)/\\(([a-z|]+)\\)");

  private static ApiDescription read() {
    try {
      return new ApiDescription(
          new ObjectMapper()
              .readTree(
                  Documents.text(
                      Path.of("src/main/resources/org/lading/api/openapi/openapi.json"))));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A parameter in the path of a resource, whose regular expression may have braces. */
  private static final Pattern PARAMETER = Pattern.compile("\\{ *(\\w+)(?:[^{}]|\\{[^{}]*})*}");

  @Test
  void operations_areThoseOfTheCode() throws ReflectiveOperationException {
    Set<String> coded = new TreeSet<>();
    for (Path file : Documents.files()) {
      if (file.startsWith(SOURCES) && Documents.text(file).contains("\n@Path(")) {
        String name = SOURCES.relativize(file).toString().replace('/', '.');
        addOperations(coded, Class.forName(name.replaceFirst("\\.java$", "")));
      }
    }
    assertThat(coded).hasSizeGreaterThan(3);
    MatchResult pages = PAGES.matcher(Documents.text(FILTERED)).results().findFirst().orElseThrow();
    for (String page : pages.group(1).split("\\|", -1)) {
      coded.add("GET /{root}/{id}/" + page);
      coded.add("HEAD /{root}/{id}/" + page);
    }
    // LinkFilter and HealthFilter, which have no path of Jersey's either.
    for (String path : List.of("/zip", "/zip/{root}/{path}", "/health/live", "/health/ready")) {
      coded.add("GET " + path);
      coded.add("HEAD " + path);
    }
    assertThat(API.operations()).isEqualTo(coded);
  }

  private static void addOperations(Set<String> operations, Class<?> resource) {
    String path = path(resource.getAnnotation(jakarta.ws.rs.Path.class));
    for (Method method : resource.getMethods()) {
      String below = path + path(method.getAnnotation(jakarta.ws.rs.Path.class));
      for (Annotation annotation : method.getAnnotations()) {
        HttpMethod called = annotation.annotationType().getAnnotation(HttpMethod.class);
        if (called != null) {
          operations.add(called.value() + " " + PARAMETER.matcher(below).replaceAll("{$1}"));
        }
      }
    }
  }

  private static String path(jakarta.ws.rs.Path path) {
    return path == null ? "" : path.value().replaceFirst("^/?", "/");
  }

  @Test
  void operations_areThoseOfTheDocument() {
    Set<String> documented = new TreeSet<>();
    for (List<String> row : Documents.table(DOCUMENT, "## Calls")) {
      List<String> methods = new ArrayList<>();
      for (String call :
          Pattern.compile("`([^`]+)`")
              .matcher(row.get(0))
              .results()
              .map(m -> m.group(1))
              .toList()) {
        methods.add(call.replaceFirst(" .*", ""));
        if (call.contains(" ")) {
          methods.forEach(method -> documented.add(method + call.substring(call.indexOf(' '))));
          methods.clear();
        }
      }
    }
    assertThat(documented).isEqualTo(API.operations());
  }

  @Test
  void fieldsOfRequests_areThoseOfTheDocument() {
    Set<String> request = firstCells("## What to put into a create request");
    request.addAll(Set.of("action", "client_id", "return_queue"));
    assertThat(fields("CreateRequest")).isEqualTo(request);
    assertThat(fields("Target")).isEqualTo(firstCells("### Targets"));
  }

  @Test
  void fieldsOfAnswers_areThoseOfTheDocument() {
    Set<String> both = new TreeSet<>();
    Set<String> status = new TreeSet<>();
    for (List<String> row : Documents.table(DOCUMENT, "## What comes back")) {
      Set<String> names = Documents.code(row.get(0));
      both.addAll(row.get(1).equals("both") ? names : Set.of());
      status.addAll(names);
    }
    assertThat(fields("Created")).isEqualTo(both);
    assertThat(fields("Status")).isEqualTo(status);
  }

  @Test
  void fieldsOfAnEstimate_areThoseOfTheDocument() {
    assertThat(fields("Estimate")).isEqualTo(firstCells("## Before a create"));
  }

  @Test
  void whoMayCall_isOneOfTheSchemesThatAreThere() {
    for (String operation : API.operations()) {
      for (JsonNode allowed : API.operation(operation).path("security")) {
        allowed
            .fieldNames()
            .forEachRemaining(
                scheme -> assertThat(API.hasComponent("securitySchemes", scheme)).isTrue());
      }
    }
  }

  @Test
  void states_areThoseOfTheDocument() {
    assertThat(values(API.component("schemas", "State")))
        .isEqualTo(Documents.byCode(Documents.table(DOCUMENT, "## States")).keySet());
  }

  @Test
  void errors_areThoseOfTheDocument_withTheirStatus() {
    Map<String, String> errors = new TreeMap<>();
    for (int status = 400; status < 600; status++) {
      if (API.hasComponent("responses", "Error" + status)) {
        JsonNode error = API.component("responses", "Error" + status);
        for (JsonNode codes : error.findValues("enum")) {
          codes.forEach(code -> assertThat(errors).doesNotContainKey(code.asText()));
          for (JsonNode code : codes) {
            errors.put(code.asText(), Integer.toString(status));
          }
        }
      }
    }
    assertThat(errors).isEqualTo(Documents.byCode(Documents.table(DOCUMENT, "<!-- errors -->")));
    assertThat(values(API.component("schemas", "ErrorCode"))).isEqualTo(errors.keySet());
  }

  private static Set<String> fields(String schema) {
    return API.fields(API.component("schemas", schema));
  }

  private static Set<String> values(JsonNode schema) {
    Set<String> values = new TreeSet<>();
    schema.get("enum").forEach(value -> values.add(value.asText()));
    return values;
  }

  private static Set<String> firstCells(String from) {
    Set<String> cells = new TreeSet<>();
    Documents.table(DOCUMENT, from).forEach(row -> cells.addAll(Documents.code(row.get(0))));
    return cells;
  }
}
