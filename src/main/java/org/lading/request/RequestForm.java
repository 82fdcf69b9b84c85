package org.lading.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.LiteralContent;
import org.lading.manifest.names.NamePolicy;

/**
 * The form of create requests. It says how values are read, and makes Lading's own form of what it
 * takes; the readers of requests and targets know no other one.
 */
public enum RequestForm {
  /** Lading's own: whatever has another form is refused, such as a field that is misspelt. */
  OWN {
    @Override
    JsonFieldReader fields(JsonParser parser) {
      return new JsonFieldReader(parser);
    }

    @Override
    String path(String path) {
      return path;
    }

    @Override
    Place place(Place given) {
      return given;
    }

    @Override
    String zipName(NamePolicy names, String given) {
      return names.requireName("zip_name", given);
    }

    @Override
    @Nullable LiteralContent content(@Nullable LiteralContent given) {
      return given;
    }
  },

  /** What medusa-downloader takes of its clients, as far as it is safe. */
  MEDUSA_DOWNLOADER {
    @Override
    JsonFieldReader fields(JsonParser parser) {
      return new LenientFieldReader(parser);
    }

    @Override
    String path(String path) {
      return PathFolding.resolved(path);
    }

    @Override
    Place place(Place given) {
      return PathFolding.folded(given);
    }

    @Override
    String zipName(NamePolicy names, String given) {
      return names.requireDirectory("zip_name", PathFolding.folded("zip_name", given));
    }

    @Override
    LiteralContent content(@Nullable LiteralContent given) {
      return given == null ? LiteralContent.of("") : given;
    }
  };

  private static final int MAX_NAME_CHARS = 256;
  private static final int MAX_NUMBER_CHARS = 100;

  /** The maximum depth of Lading's own requests, and of what clients of the ancestor may add. */
  private static final int MAX_DEPTH = 8;

  private static final int MAX_FOREIGN_DEPTH = 100;

  private static final JsonFactory OWN_JSON =
      json(MAX_DEPTH).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final JsonFactory FOREIGN_JSON =
      json(MAX_FOREIGN_DEPTH).enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

  /**
   * Where a target says that it is in the archive.
   *
   * @param zipPath the directory, or null for the default of the target's type
   * @param name the name of a file, or null for the source's own
   */
  record Place(@Nullable String zipPath, @Nullable String name) {}

  private static JsonFactoryBuilder json(int maxDepth) {
    return JsonFactories.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxStringLength(JsonFieldReader.MAX_STRING_CHARS)
                .maxNameLength(MAX_NAME_CHARS)
                .maxNumberLength(MAX_NUMBER_CHARS)
                .maxNestingDepth(maxDepth)
                .build());
  }

  /** Returns the factory of the parsers of requests. */
  JsonFactory json() {
    return this == OWN ? OWN_JSON : FOREIGN_JSON;
  }

  /** Returns whether a request may have an empty list of targets. */
  boolean takesNoTargets() {
    return this != OWN;
  }

  /** Returns the code of a request that names no root. */
  ErrorCode noRoot() {
    return this == OWN ? ErrorCode.UNPARSEABLE : ErrorCode.INVALID_ROOT;
  }

  /**
   * Returns whether an archive without a name unpacks into a directory that is named after the
   * download.
   */
  boolean namesDirectories() {
    return this != OWN;
  }

  /** Makes a reader of values at a parser's tokens. */
  abstract JsonFieldReader fields(JsonParser parser);

  /**
   * Returns a refusal in the words that clients know: what medusa-downloader says is before what
   * Lading says.
   */
  public LadingException refusal(LadingException refusal) {
    return this == OWN ? refusal : AncestorWords.before(refusal);
  }

  /** Returns the path of a source. */
  abstract String path(String path);

  /** Returns the place of a target in the archive, whose parts are still to be checked. */
  abstract Place place(Place given);

  /** Returns the archive's name, checked. */
  abstract String zipName(NamePolicy names, String given);

  /** Returns the text of a literal, or null if it is missing. */
  abstract @Nullable LiteralContent content(@Nullable LiteralContent given);
}
