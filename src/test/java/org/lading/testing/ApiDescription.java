package org.lading.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.lading.testing.Http.Reply;

/**
 * The description of the API at {@code /openapi.json}, to which answers are held: an answer may
 * have no status, header, content type or field that is not in it.
 */
public final class ApiDescription {
  private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");

  /** What every answer may have, and HTTP itself describes. */
  private static final Set<String> OF_HTTP =
      Set.of(
          "content-type",
          "content-length",
          "transfer-encoding",
          "date",
          "connection",
          "keep-alive");

  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private final JsonNode document;
  private final JsonNode components;

  /** Reads it. */
  public ApiDescription(JsonNode document) {
    this.document = document;
    ObjectNode strict = document.get("components").deepCopy();
    strict.get("schemas").forEach(schema -> close(schema, isPartOfAnother(schema)));
    this.components = strict;
  }

  /** The operations, each as {@code GET /status}. */
  public Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    for (var path : document.get("paths").properties()) {
      for (var field : path.getValue().properties()) {
        if (METHODS.contains(field.getKey())) {
          operations.add(field.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return operations;
  }

  /** The operation, as {@code GET /status} names it. */
  public JsonNode operation(String name) {
    String[] words = name.split(" ", 2);
    JsonNode operation =
        document.get("paths").path(words[1]).path(words[0].toLowerCase(Locale.ROOT));
    assertThat(operation.isMissingNode()).as("no operation " + name).isFalse();
    return operation;
  }

  /** The names of the parameters of an operation, each with its place: {@code header Range}. */
  public Set<String> parameters(String operation) {
    Set<String> names = new TreeSet<>();
    for (JsonNode reference : operation(operation).path("parameters")) {
      JsonNode parameter = resolved(reference);
      names.add(parameter.get("in").asText() + " " + parameter.get("name").asText());
    }
    return names;
  }

  /** The statuses that an operation answers with when nothing is wrong. */
  public Set<String> statuses(String operation) {
    Set<String> statuses = new TreeSet<>();
    for (var response : operation(operation).get("responses").properties()) {
      if (!response.getValue().path("$ref").asText().contains("/Error")) {
        statuses.add(response.getKey());
      }
    }
    return statuses;
  }

  /** Whether there is such a part of {@code components}. */
  public boolean hasComponent(String kind, String name) {
    return document.get("components").path(kind).has(name);
  }

  /** A part of {@code components}, such as {@code schemas} and {@code Error}. */
  public JsonNode component(String kind, String name) {
    JsonNode component = document.get("components").path(kind).path(name);
    assertThat(component.isMissingNode()).as(kind + " " + name).isFalse();
    return component;
  }

  /** The fields of a schema and of those that it is composed of. */
  public Set<String> fields(JsonNode schema) {
    JsonNode whole = resolved(schema);
    Set<String> fields = new TreeSet<>();
    whole.path("properties").fieldNames().forEachRemaining(fields::add);
    whole.path("allOf").forEach(part -> fields.addAll(fields(part)));
    return fields;
  }

  /** Fails unless an answer of an operation is one that is described. */
  public void check(String operation, Reply reply) {
    String subject = operation + " answered " + reply;
    JsonNode response = operation(operation).get("responses").get(Integer.toString(reply.status()));
    assertThat(response).as("no such status: " + subject).isNotNull();
    response = resolved(response);
    Set<String> described = new TreeSet<>(OF_HTTP);
    response
        .path("headers")
        .fieldNames()
        .forEachRemaining(name -> described.add(name.toLowerCase(Locale.ROOT)));
    assertThat(described).as(subject).containsAll(reply.headerNames());
    JsonNode content = response.path("content");
    if (reply.bytes().length == 0) {
      assertThat(content.isMissingNode() || operation.startsWith("HEAD")).as(subject).isTrue();
      return;
    }
    String type = reply.header("Content-Type").replaceFirst("[ ;].*", "");
    assertThat(content.has(type)).as("no such type: " + subject).isTrue();
    if (type.equals("application/json")) {
      assertThat(faults(content.get(type).get("schema"), reply.json())).as(subject).isEmpty();
    }
  }

  /** What is wrong with JSON, by a schema of the description. */
  public List<String> faults(JsonNode schema, JsonNode json) {
    ObjectNode root = schema.deepCopy();
    close(root, false);
    root.set("components", components);
    return SCHEMAS.getSchema(root, CONFIG).validate(json).stream()
        .map(ValidationMessage::toString)
        .toList();
  }

  private JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asText("");
    return reference.isEmpty() ? node : resolved(document.at(reference.substring(1)));
  }

  /** Whether a schema is one that others are composed of, and so has not all their fields. */
  private boolean isPartOfAnother(JsonNode schema) {
    List<JsonNode> parts = new ArrayList<>();
    document.findValues("allOf").forEach(all -> all.forEach(part -> parts.add(resolved(part))));
    return parts.stream().anyMatch(part -> part.equals(schema));
  }

  /** Forbids all fields that a schema does not have. */
  private static void close(JsonNode schema, boolean isPart) {
    if (schema instanceof ObjectNode object && !isPart) {
      if (object.has("allOf") || object.has("$ref")) {
        object.put("unevaluatedProperties", false);
      } else if (object.has("properties") && !object.has("additionalProperties")) {
        object.put("additionalProperties", false);
      }
    }
    Stream.of("properties")
        .map(schema::path)
        .forEach(fields -> fields.forEach(f -> close(f, false)));
    schema.path("allOf").forEach(part -> part.path("properties").forEach(f -> close(f, false)));
    if (schema.has("items")) {
      close(schema.get("items"), false);
    }
  }
}
