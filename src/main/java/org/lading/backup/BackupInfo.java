package org.lading.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.lading.base.JsonFactories;

/**
 * What a backup says of itself, in the file {@value #FILE}.
 *
 * @param kind what it has of the database
 * @param lading the version of the Lading that made it
 * @param tables the version of the tables
 * @param time the time of the snapshot, as RFC 3339 has it
 * @param downloads the number of downloads
 * @param files the number of files of {@code content}
 * @param links the number of symbolic links there
 */
record BackupInfo(
    Kind kind, String lading, String tables, String time, long downloads, long files, long links) {
  static final String FILE = "backup.json";

  private static final int FORMAT = 1;

  /** What a backup has of the database. */
  enum Kind {
    /** The file of SQLite, which is used as it is. */
    SQLITE,

    /** Every table as lines of JSON, for either database. */
    TABLES
  }

  /** Writes it into a backup. */
  void write(Path backup) throws IOException {
    try (OutputStream out = Files.newOutputStream(backup.resolve(FILE));
        JsonGenerator json = JsonFactories.DEFAULT.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("kind", kind.name());
      json.writeStringField("lading", lading);
      json.writeStringField("tables", tables);
      json.writeStringField("time", time);
      json.writeNumberField("downloads", downloads);
      json.writeNumberField("files", files);
      json.writeNumberField("links", links);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /**
   * Reads it.
   *
   * @throws BackupException if it has another format
   */
  static BackupInfo read(Path backup) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser json = JsonFactories.DEFAULT.createParser(backup.resolve(FILE).toFile())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.put(name, json.getText());
      }
    }
    if (!Integer.toString(FORMAT).equals(fields.get("format"))) {
      throw new BackupException(
          backup + " has the format " + fields.get("format") + ", which this Lading cannot read");
    }
    return new BackupInfo(
        Kind.valueOf(field(fields, "kind")),
        field(fields, "lading"),
        field(fields, "tables"),
        field(fields, "time"),
        Long.parseLong(field(fields, "downloads")),
        Long.parseLong(field(fields, "files")),
        Long.parseLong(field(fields, "links")));
  }

  private static String field(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  /** Throws unless it is of a kind, whose command is named. */
  void require(Kind expected, Path backup) {
    if (kind != expected) {
      throw new BackupException(
          kind == Kind.TABLES
              ? backup + " was made by export: import reads it"
              : backup + " was made by backup: restore reads it");
    }
  }
}
