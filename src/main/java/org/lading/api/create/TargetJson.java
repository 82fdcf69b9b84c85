package org.lading.api.create;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;
import org.lading.manifest.Target;

/** One element of {@code targets}: reads and checks it. */
final class TargetJson {
  private final JsonFieldReader json;
  private final int index;
  private @Nullable String type;
  private @Nullable String root;
  private @Nullable String path;
  private @Nullable String zipPath;
  private @Nullable String name;
  private @Nullable String content;
  private boolean recursive;

  private TargetJson(JsonFieldReader json, int index) {
    this.json = json;
    this.index = index;
  }

  /** Reads the object at the parser's token; afterwards the parser is at its end. */
  static TargetJson read(JsonParser parser, int index) throws IOException {
    TargetJson target = new TargetJson(new JsonFieldReader(parser), index);
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
      throw e.at(index, target.path);
    }
  }

  /** The root that this target names itself, or null. */
  @Nullable String root() {
    return root;
  }

  /** The target, in its own root or else the given one. */
  Target toTarget(String requestRoot) {
    String itsRoot = root == null ? requestRoot : root;
    return switch (given(type, "type")) {
      case "file" -> new Target.FileTarget(index, itsRoot, given(path, "path"), zipPath, name);
      case "directory" ->
          new Target.DirectoryTarget(index, itsRoot, given(path, "path"), zipPath, recursive);
      case "literal" ->
          new Target.LiteralTarget(index, given(name, "name"), given(content, "content"), zipPath);
      default -> throw json.fault(place() + ".type must be file, directory or literal");
    };
  }

  private void readField(String field) throws IOException {
    String at = place() + '.' + field;
    switch (field) {
      case "type" -> type = json.string(at);
      case "root" -> root = json.string(at);
      case "path" -> path = json.string(at);
      case "zip_path" -> zipPath = json.string(at);
      case "name" -> name = json.string(at);
      case "content" -> content = json.string(at);
      case "recursive" -> recursive = json.bool(at);
      default -> throw json.fault(at + " is not a field of a target");
    }
  }

  /** Everything that {@link #toTarget} needs is there, whatever the root. */
  private void requireFields() {
    toTarget("");
  }

  private String given(@Nullable String value, String field) {
    if (value == null) {
      throw json.fault(place() + '.' + field + " is missing");
    }
    return value;
  }

  private String place() {
    return "targets[" + index + "]";
  }
}
