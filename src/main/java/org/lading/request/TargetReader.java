package org.lading.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;
import org.lading.manifest.LiteralContent;
import org.lading.manifest.Target;

/** Reads and checks one element of {@code targets}. */
final class TargetReader {
  private final JsonFieldReader json;
  private final BodySource body;
  private final RequestRules rules;
  private final int index;
  private @Nullable String type;
  private @Nullable String root;
  private @Nullable String path;
  private @Nullable String zipPath;
  private @Nullable String name;
  private @Nullable LiteralContent content;
  private boolean recursive;
  private @Nullable Boolean omits;

  private TargetReader(JsonFieldReader json, BodySource body, RequestRules rules, int index) {
    this.json = json;
    this.body = body;
    this.rules = rules;
    this.index = index;
  }

  /**
   * Reads the object at the parser's token, and moves the parser to its end.
   *
   * @param body what the parser parses
   */
  static TargetReader read(JsonParser parser, BodySource body, RequestRules rules, int index)
      throws IOException {
    TargetReader target = new TargetReader(rules.form().fields(parser), body, rules, index);
    try {
      target.json.require(JsonToken.START_OBJECT, target.place() + " must be an object");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        target.readField(field);
      }
      target.requireFields();
      return target;
    } catch (LadingException e) {
      throw e.at(index, target.shortPlace());
    }
  }

  /** Returns the root that the target names, or null if it has that of the request. */
  @Nullable String root() {
    return root;
  }

  /** Makes the target, with the given root if it names none. */
  Target toTarget(String requestRoot) {
    String targetRoot = root == null ? requestRoot : root;
    RequestForm form = rules.form();
    RequestForm.Place place = form.place(new RequestForm.Place(zipPath, name));
    Target target =
        switch (required(type, "type")) {
          case "file" ->
              new Target.FileTarget(index, targetRoot, path(), place.zipPath(), place.name());
          case "directory" ->
              directory(
                  new Target.DirectoryTarget(
                      index, targetRoot, path(), place.zipPath(), recursive));
          case "literal" ->
              new Target.LiteralTarget(
                  index,
                  required(place.name(), "name"),
                  required(form.content(content), "content"),
                  place.zipPath());
          default -> throw json.fault(place() + ".type must be file, directory or literal");
        };
    return target.checked(rules.names());
  }

  private String path() {
    return rules.form().path(required(path, "path"));
  }

  private void readField(String field) throws IOException {
    String at = place() + '.' + field;
    switch (field) {
      case "type" -> type = json.string(at);
      case "root" -> root = json.string(at);
      case "path" -> path = json.string(at);
      case "zip_path" -> zipPath = json.string(at);
      case "name" -> name = json.string(at);
      case "content" -> content = json.content(at, body);
      case "recursive" -> recursive = json.flag(at);
      case "undeliverable" -> omits = omits(json.string(at), at);
      default -> json.unknown(at, "target");
    }
  }

  private Target directory(Target.DirectoryTarget directory) {
    return omits == null ? directory : directory.omitting(omits);
  }

  private @Nullable Boolean omits(@Nullable String word, String at) {
    if (word == null) {
      return null;
    }
    return switch (word) {
      case "refuse" -> false;
      case "omit" -> true;
      default -> throw json.fault(at + " must be refuse or omit");
    };
  }

  /** Checks the text of a literal, which the parser has only skipped, and returns its length. */
  long checkedLength() throws IOException {
    try {
      return content == null ? 0 : content.length();
    } catch (LadingException e) {
      throw json.fault(place() + ".content is not UTF-8, or has half a surrogate pair")
          .at(index, name);
    }
  }

  /** Sets the length of the text, if it is known. */
  void setLength(@Nullable Long length) {
    if (content instanceof JsonStringContent text && length != null) {
      text.setLength(length);
    }
  }

  /** Checks that all fields are there that {@link #toTarget} needs. */
  private void requireFields() {
    toTarget("");
  }

  private <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw json.fault(place() + '.' + field + " is missing");
    }
    return value;
  }

  /** Returns what names the target in an error; null where that would be a long answer. */
  private @Nullable String shortPlace() {
    String named = path == null ? name : path;
    return named == null || named.length() > Target.MAX_PATH_BYTES ? null : named;
  }

  private String place() {
    return "targets[" + index + "]";
  }
}
