package org.lading.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.lading.audit.AuditSettings;

/** Reads the settings of the audit log. */
final class AuditReader {
  private static final int MAX_MAX_ENTRIES = 100_000;

  private AuditReader() {}

  static AuditSettings read(SectionReader section) {
    Path file = section.has("file") ? section.requiredPath("file") : null;
    List<String> leftOut =
        section.parsed(
            "leave_out",
            text -> AuditSettings.OPTIONAL_FIELDS.contains(text) ? text : null,
            "one of " + String.join(", ", new TreeSet<>(AuditSettings.OPTIONAL_FIELDS)));
    AuditSettings settings =
        new AuditSettings(
            file,
            section.number("max_entries", AuditSettings.DEFAULT_MAX_ENTRIES, 0, MAX_MAX_ENTRIES),
            Set.copyOf(leftOut));
    section.refuseUnknown(Set.of());
    return settings;
  }
}
