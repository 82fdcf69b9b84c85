package org.lading.check;

import java.nio.file.Files;
import java.nio.file.Path;
import org.lading.base.Finding;
import org.lading.check.SystemCheck.Question;

/** Asks whether the file of the audit log can be written; makes and writes nothing. */
public final class AuditQuestion {
  private static final String SUBJECT = "audit";

  private AuditQuestion() {}

  /** Makes the question of a file, which need not be there yet, while its directory must be. */
  public static Question of(Path file) {
    return new Question(SUBJECT, () -> ask(file));
  }

  private static Finding ask(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.exists(file)) {
      if (Files.isDirectory(file)) {
        return Finding.fault(SUBJECT, "audit.file: " + file + " is a directory");
      }
      return Files.isWritable(file)
          ? Finding.ok(SUBJECT, file + " can be written")
          : mayNot("write " + file);
    }
    if (directory == null || !Files.isDirectory(directory)) {
      return Finding.fault(
          SUBJECT,
          "audit.file: %s is no directory: make it, and give it to the user of Lading"
              .formatted(directory));
    }
    return Files.isWritable(directory) && Files.isExecutable(directory)
        ? Finding.ok(SUBJECT, file + " can be made")
        : mayNot("make files in " + directory);
  }

  private static Finding mayNot(String what) {
    return Finding.fault(
        SUBJECT,
        "audit.file: the user %s may not %s".formatted(System.getProperty("user.name"), what));
  }
}
