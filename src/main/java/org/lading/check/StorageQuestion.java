package org.lading.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lading.base.Finding;
import org.lading.check.SystemCheck.Question;

/** Asks whether the storage directory can be written, and for its free bytes; writes nothing. */
public final class StorageQuestion {
  private static final String SUBJECT = "storage";

  /** What Lading needs to begin with; with less, its {@code /status} is 503. */
  private static final long MIN_FREE_BYTES = 100L << 20;

  private StorageQuestion() {}

  /** Makes the question of a storage directory, which need not be there yet. */
  public static Question of(Path storage) {
    return new Question(SUBJECT, () -> ask(storage));
  }

  private static Finding ask(Path storage) throws IOException {
    Path existing = existing(storage);
    if (existing == null || !Files.isDirectory(existing)) {
      return Finding.fault(SUBJECT, existing + " is no directory, so that nothing can be below it");
    }
    if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
      return Finding.fault(
          SUBJECT, "the user " + System.getProperty("user.name") + " may not write in " + existing);
    }
    long free = Files.getFileStore(existing).getUsableSpace();
    if (free < MIN_FREE_BYTES) {
      return Finding.fault(
          SUBJECT, "only " + free + " bytes are free; at least " + MIN_FREE_BYTES + " are needed");
    }
    return Finding.ok(
        SUBJECT,
        storage
            + (existing.equals(storage) ? " can be written" : " can be made")
            + "; "
            + free
            + " bytes are free");
  }

  /** Returns a path, or the first one above it that is there. */
  static @Nullable Path existing(Path path) {
    Path existing = path;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }
}
