package org.lading.check;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lading.base.Finding;
import org.lading.base.PrintableText;
import org.lading.check.SystemCheck.Question;
import org.lading.error.LadingException;
import org.lading.root.Root;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRoot;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3RootSettings;

/** Asks whether a root can be listed. */
public final class RootQuestion {
  private RootQuestion() {}

  /** Makes the question of one root. */
  public static Question of(RootSettings root) {
    String subject = "root " + root.name();
    return new Question(subject, () -> ask(subject, root));
  }

  private static Finding ask(String subject, RootSettings settings) {
    String obstacle =
        settings instanceof FilesystemRootSettings directory ? obstacle(directory.path()) : null;
    if (obstacle != null) {
      return Finding.fault(subject, obstacle);
    }
    try (Root root = open(settings)) {
      root.check();
      return Finding.ok(subject, whereItIs(settings) + " can be read" + notes(settings, root));
    } catch (LadingException e) {
      return Finding.fault(subject, e.getMessage() + reason(e));
    }
  }

  private static @Nullable String obstacle(Path directory) {
    if (Files.notExists(directory)) {
      return "there is no directory " + directory + ": see the path of this root";
    }
    if (!Files.isDirectory(directory)) {
      return directory + " is no directory";
    }
    return Files.isReadable(directory) && Files.isExecutable(directory)
        ? null
        : "the user %s may not read %s".formatted(System.getProperty("user.name"), directory);
  }

  private static String reason(LadingException failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest == failure ? "" : ": " + PrintableText.of(String.valueOf(deepest.getMessage()));
  }

  private static Root open(RootSettings settings) {
    return settings instanceof FilesystemRootSettings directory
        ? new FilesystemRoot(directory)
        : new S3Root((S3RootSettings) settings);
  }

  private static String whereItIs(RootSettings settings) {
    if (settings instanceof FilesystemRootSettings directory) {
      return "the directory " + directory.path();
    }
    S3RootSettings bucket = (S3RootSettings) settings;
    return "the bucket "
        + bucket.bucket()
        + (bucket.prefix().isEmpty() ? "" : ", prefix " + bucket.prefix() + ",");
  }

  private static String notes(RootSettings settings, Root root) {
    StringBuilder notes = new StringBuilder();
    settings.warnings().forEach(warning -> notes.append("; ").append(warning));
    root.warning().ifPresent(warning -> notes.append("; ").append(warning));
    return notes.toString();
  }
}
