package org.lading.check;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lading.base.Finding;
import org.lading.check.SystemCheck.Question;
import org.lading.store.DatabaseExamination;

/** Asks whether a database answers, and which tables it has; makes and changes none. */
public final class DatabaseQuestion {
  private static final String SUBJECT = "database";

  private DatabaseQuestion() {}

  /** Makes the question of the embedded database, whose directory need not be there yet. */
  public static Question ofEmbedded(Path directory) {
    return new Question(SUBJECT, () -> askEmbedded(directory));
  }

  /** Makes the question of a database in PostgreSQL. */
  public static Question ofPostgres(String url, @Nullable String user, @Nullable String password) {
    return new Question(
        SUBJECT,
        () -> {
          try (DatabaseExamination database = DatabaseExamination.of(url, user, password)) {
            return Finding.ok(SUBJECT, "PostgreSQL answers; " + database.state());
          }
        });
  }

  /** Makes the question of a container's DataSource, which cannot be answered here. */
  public static Question ofContainer(String jndi) {
    return new Question(
        SUBJECT,
        () ->
            Finding.unknown(
                SUBJECT, "only the container knows " + jndi + "; GET /status tells how it is"));
  }

  private static Finding askEmbedded(Path directory) throws Exception {
    if (!DatabaseExamination.isThere(directory)) {
      Path existing = StorageQuestion.existing(directory);
      return existing != null && Files.isDirectory(existing) && Files.isWritable(existing)
          ? Finding.ok(SUBJECT, "the embedded one will be made in " + directory)
          : Finding.fault(SUBJECT, directory + " cannot be made: " + existing + " is not writable");
    }
    Path library = Files.createTempDirectory("lading-check");
    try (DatabaseExamination database = DatabaseExamination.ofEmbedded(directory, library)) {
      String use = database.isInUse() ? ", which a running Lading uses" : "";
      return Finding.ok(
          SUBJECT, "the embedded one in " + directory + use + "; " + database.state());
    } finally {
      Files.deleteIfExists(library);
    }
  }
}
