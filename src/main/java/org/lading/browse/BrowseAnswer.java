package org.lading.browse;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;
import org.lading.manifest.names.NamePolicy;
import org.lading.root.DirectoryPage;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.DirectoryPage.Kind;

/** Renders what programs get of a directory, and of the list of roots. */
final class BrowseAnswer {
  private BrowseAnswer() {}

  /** Writes JSON. */
  @FunctionalInterface
  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** Renders a page of a directory. */
  static String directory(Place place, DirectoryPage page, NamePolicy names) {
    return rendered(
        json -> {
          json.writeStringField("root", place.root());
          json.writeStringField("path", place.path());
          json.writeArrayFieldStart("entries");
          for (Child child : page.children()) {
            write(json, place, child, Row.obstacle(child, names));
          }
          json.writeEndArray();
          json.writeStringField("next", page.next());
        });
  }

  private static void write(
      JsonGenerator json, Place place, Child child, DirectoryPage.@Nullable Obstacle obstacle)
      throws IOException {
    boolean isDirectory = child.kind() == Kind.DIRECTORY;
    json.writeStartObject();
    json.writeStringField("type", isDirectory ? "directory" : "file");
    json.writeStringField("name", child.name());
    json.writeStringField("path", place.pathOf(child.name()));
    if (!isDirectory && child.size() != DirectoryPage.UNKNOWN_SIZE) {
      json.writeNumberField("size", child.size());
    }
    if (child.modified() != null) {
      json.writeStringField("modified", child.modified().toString());
    }
    if (obstacle != null) {
      json.writeStringField("obstacle", obstacle.name().toLowerCase(Locale.ROOT));
    }
    json.writeEndObject();
  }

  /** Renders the places that may be browsed. */
  static String places(List<Place> places) {
    return rendered(
        json -> {
          json.writeArrayFieldStart("roots");
          for (Place place : places) {
            json.writeStartObject();
            json.writeStringField("root", place.root());
            json.writeStringField("path", place.path());
            json.writeStringField("address", place.address(""));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static String rendered(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(text)) {
      json.writeStartObject();
      writing.to(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
