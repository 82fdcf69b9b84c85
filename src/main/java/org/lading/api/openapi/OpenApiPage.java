package org.lading.api.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/**
 * Renders the description of the API as a page for people: each operation with its parameters, body
 * and answers, the errors, and the fields of what is sent. What the description says is in English,
 * whatever the language of the page is.
 */
final class OpenApiPage {
  private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");
  private static final String ERROR = "#/components/responses/";
  private static final String SCHEMA = "#/components/schemas/";

  private final JsonTree api;
  private final Texts texts;

  private OpenApiPage(JsonTree api, Texts texts) {
    this.api = api;
    this.texts = texts;
  }

  /** Renders a description. */
  static HtmlPage of(String document, Texts texts) {
    JsonTree api = JsonTree.parse(document);
    return HtmlPage.of(texts, texts.text("openapi.title"), new OpenApiPage(api, texts).main());
  }

  private String main() {
    StringBuilder contents = new StringBuilder();
    StringBuilder operations = new StringBuilder();
    api.get("paths")
        .fields()
        .forEach((path, item) -> addOperations(contents, operations, path, item));
    StringBuilder main = new StringBuilder("<main><h1>");
    main.append(texts.html("openapi.title")).append("</h1>");
    main.append(prose(api.get("info").text("description"))).append("<p>");
    main.append(texts.html("openapi.address", api.get("servers").items().get(0).text("url")));
    main.append("</p><nav aria-label=\"").append(HtmlPage.escape(texts.text("openapi.calls")));
    main.append("\"><ul>").append(contents).append("</ul></nav>").append(operations);
    main.append("<h2>").append(texts.html("openapi.errors")).append("</h2><dl>");
    api.at("#/components/responses").fields().forEach((name, error) -> addError(main, name, error));
    main.append("</dl><h2>").append(texts.html("openapi.schemas")).append("</h2>");
    api.at("#/components/schemas")
        .fields()
        .forEach((name, schema) -> main.append(schema(name, schema)));
    return main.append("</main>").toString();
  }

  private void addOperations(
      StringBuilder contents, StringBuilder operations, String path, JsonTree item) {
    item.fields()
        .forEach(
            (method, operation) -> {
              if (METHODS.contains(method)) {
                String name = method.toUpperCase(Locale.ROOT) + " " + path;
                contents.append("<li>").append(link(operation, name)).append("</li>");
                operations.append(operation(name, operation));
              }
            });
  }

  private static String link(JsonTree operation, String name) {
    return "<a href=\"#%s\">%s</a>"
        .formatted(HtmlPage.escape(operation.text("operationId")), HtmlPage.escape(name));
  }

  private String operation(String name, JsonTree operation) {
    StringBuilder out = new StringBuilder();
    out.append("<h2 id=\"%s\">%s</h2>".formatted(operation.text("operationId"), code(name)));
    out.append(prose(operation.text("summary"))).append(prose(operation.text("description")));
    if (operation.has("parameters")) {
      out.append("<h3>").append(texts.html("openapi.parameters")).append("</h3><dl>");
      operation.get("parameters").items().forEach(reference -> addParameter(out, reference));
      out.append("</dl>");
    }
    if (operation.has("requestBody")) {
      JsonTree body = operation.get("requestBody");
      out.append("<h3>").append(texts.html("openapi.body")).append("</h3>");
      out.append(prose(body.text("description")));
      out.append("<p>").append(content(body)).append("</p>");
    }
    out.append("<h3>").append(texts.html("openapi.answers")).append("</h3><dl>");
    addAnswers(out, operation.get("responses").fields());
    return out.append("</dl>").toString();
  }

  private void addParameter(StringBuilder out, JsonTree reference) {
    JsonTree parameter = resolved(reference);
    addRow(
        out,
        code(parameter.text("name")) + " " + texts.html("openapi.in." + parameter.text("in")),
        inline(parameter.text("description")));
  }

  private void addAnswers(StringBuilder out, Map<String, JsonTree> responses) {
    List<String> errors = new ArrayList<>();
    responses.forEach(
        (status, response) -> {
          String reference = response.text("$ref");
          if (reference.startsWith(ERROR)) {
            String error = reference.substring(ERROR.length());
            errors.add("<a href=\"#%s\">%s</a>".formatted(error, status));
          } else {
            addRow(out, status, answer(response));
          }
        });
    if (!errors.isEmpty()) {
      addRow(out, texts.html("openapi.errors"), String.join(", ", errors));
    }
  }

  private String answer(JsonTree response) {
    String headers =
        response.get("headers").fields().keySet().stream()
            .map(OpenApiPage::code)
            .collect(Collectors.joining(", "));
    String content = content(response);
    return inline(response.text("description"))
        + (headers.isEmpty() ? "" : "<br>" + texts.html("openapi.headers") + " " + headers)
        + (content.isEmpty() ? "" : "<br>" + content);
  }

  private String content(JsonTree of) {
    List<String> types = new ArrayList<>();
    of.get("content")
        .fields()
        .forEach(
            (type, media) -> {
              JsonTree schema = media.get("schema");
              String names =
                  parts(schema).stream()
                      .map(part -> part.text("$ref"))
                      .filter(reference -> reference.startsWith(SCHEMA))
                      .map(reference -> schemaLink(reference.substring(SCHEMA.length())))
                      .collect(Collectors.joining(", "));
              types.add(code(type) + (names.isEmpty() ? "" : ": " + names));
            });
    return String.join("; ", types);
  }

  private void addError(StringBuilder out, String name, JsonTree error) {
    String codes =
        parts(error.get("content").get("application/json").get("schema")).stream()
            .flatMap(part -> part.get("properties").get("code").get("enum").items().stream())
            .map(code -> code(code.text()))
            .collect(Collectors.joining(", "));
    addRow(
        out,
        "<span id=\"%s\">%s</span>".formatted(name, name.substring(name.length() - 3)),
        inline(error.text("description")) + "<br>" + codes);
  }

  private String schema(String name, JsonTree schema) {
    StringBuilder out = new StringBuilder();
    out.append("<h3 id=\"schema-%s\">%s</h3>".formatted(name, code(name)));
    out.append(prose(schema.text("description")));
    StringBuilder rows = new StringBuilder();
    addFields(rows, "", schema);
    if (!rows.isEmpty()) {
      out.append("<dl>").append(rows).append("</dl>");
    } else if (schema.has("enum")) {
      out.append("<p>").append(values(schema)).append("</p>");
    }
    return out.toString();
  }

  private void addFields(StringBuilder rows, String prefix, JsonTree schema) {
    for (JsonTree part : parts(schema)) {
      JsonTree whole = resolved(part);
      for (Map.Entry<String, JsonTree> field : whole.get("properties").fields().entrySet()) {
        JsonTree value = field.getValue();
        String name = prefix + field.getKey();
        addRow(rows, code(name), field(value));
        if (value.text("$ref").isEmpty()) {
          addFields(rows, name + ".", value);
        }
      }
    }
  }

  private String field(JsonTree field) {
    String reference = field.text("$ref");
    if (!reference.isEmpty()) {
      return schemaLink(reference.substring(SCHEMA.length()));
    }
    String items = field.get("items").text("$ref");
    List<String> types =
        new ArrayList<>(field.get("type").items().stream().map(JsonTree::text).toList());
    types.add(field.text("type"));
    types.removeIf(String::isEmpty);
    return code(String.join(" | ", types))
        + (items.isEmpty() ? "" : " " + schemaLink(items.substring(SCHEMA.length())))
        + " "
        + inline(field.text("description"))
        + (field.has("enum") ? " " + values(field) : "");
  }

  private static String values(JsonTree schema) {
    return schema.get("enum").items().stream()
        .map(value -> code(value.text()))
        .collect(Collectors.joining(", "));
  }

  /** Returns what a schema is composed of: itself, and what {@code allOf} and the like name. */
  private static List<JsonTree> parts(JsonTree schema) {
    List<JsonTree> parts = new ArrayList<>(List.of(schema));
    parts.addAll(schema.get("allOf").items());
    parts.addAll(schema.get("anyOf").items());
    return parts;
  }

  private JsonTree resolved(JsonTree value) {
    String reference = value.text("$ref");
    return reference.isEmpty() ? value : api.at(reference);
  }

  private static void addRow(StringBuilder out, String term, String description) {
    out.append("<dt>").append(term).append("</dt><dd>").append(description).append("</dd>");
  }

  private static String schemaLink(String name) {
    return "<a href=\"#schema-%s\">%s</a>".formatted(name, name);
  }

  private static String code(String text) {
    return "<code>" + HtmlPage.escape(text) + "</code>";
  }

  private static String prose(String markdown) {
    return markdown.isEmpty() ? "" : "<p>" + inline(markdown) + "</p>";
  }

  /** Renders a text of the description, in which nothing is marked but code. */
  private static String inline(String markdown) {
    String html = HtmlPage.escape(markdown).replaceAll("`([^`]+)`", "<code>$1</code>");
    return html.isEmpty() ? "" : "<span lang=\"en\">" + html + "</span>";
  }
}
