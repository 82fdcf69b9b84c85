package org.lading.audit;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the audit log.
 *
 * @param file the absolute path of the file that gets the lines, or null: then the logger {@value
 *     AuditLog#LOGGER} gets them
 * @param maxEntries the maximum number of files of a download for which each file gets a line
 * @param leftOut the names of fields that no line has, some of {@link #OPTIONAL_FIELDS}
 */
public record AuditSettings(@Nullable Path file, int maxEntries, Set<String> leftOut) {
  /** The names of the fields that can be left out, since they may tell of persons. */
  public static final Set<String> OPTIONAL_FIELDS =
      Set.of("client", "subject", "address", "user_agent", "zip_name", "path", "error");

  /** The maximum number of files of a download for which each file gets a line, by default. */
  public static final int DEFAULT_MAX_ENTRIES = 1000;

  /** No setting: the logger gets all fields. */
  public static final AuditSettings DEFAULTS =
      new AuditSettings(null, DEFAULT_MAX_ENTRIES, Set.of());

  /** Copies the set. */
  public AuditSettings {
    leftOut = Set.copyOf(leftOut);
  }
}
