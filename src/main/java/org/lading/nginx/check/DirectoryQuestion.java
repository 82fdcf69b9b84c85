package org.lading.nginx.check;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.lading.base.Finding;
import org.lading.nginx.check.DirectorySamples.Sample;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;

/** Asks whether nginx can read the files of a root that is a directory. */
final class DirectoryQuestion {
  private final Installation installation;
  private final FilesystemRootSettings root;
  private final String subject;

  DirectoryQuestion(Installation installation, FilesystemRootSettings root) {
    this.installation = installation;
    this.root = root;
    this.subject = "root " + root.name();
  }

  /**
   * Asks with some files that are there.
   *
   * @param literalsAreRead whether nginx gave a literal, by the same second server
   * @param made takes the download that was made
   */
  Finding ask(boolean literalsAreRead, DateEvidence dates, List<CheckDownload> made) {
    List<Sample> samples;
    try {
      samples = DirectorySamples.find(root.path());
    } catch (NoSuchFileException e) {
      return Finding.fault(
          subject,
          "the directory %s does not exist: mend the setting path, or mount it"
                  .formatted(root.path())
              + " (or run the check on the machine of Lading)");
    } catch (IOException e) {
      return Finding.unknown(
          subject, "the check cannot list it (%s): run it as the user of Lading".formatted(e));
    }
    if (samples.isEmpty()) {
      return Finding.unknown(
          subject,
          "none of the first %d files and directories is a file of 1 byte to 16 MiB that the check can read"
              .formatted(DirectorySamples.MAX_LOOKED_AT));
    }
    RootArchive archive =
        RootArchive.of(
            installation,
            root.name(),
            samples.stream().map(s -> new RootArchive.Source(s.path(), s.modified())).toList(),
            dates);
    if (archive.download() != null) {
      made.add(archive.download());
    }
    return switch (archive.verdict()) {
      case RIGHT -> Finding.ok(subject, "nginx reads it (%d files)".formatted(samples.size()));
      case NOT_ALLOWED -> Finding.unknown(subject, "the client of the token may not use it");
      case LADING_FAILS ->
          Finding.fault(subject, "Lading cannot deliver its files: " + archive.text());
      case WRONG_IN_NGINX ->
          Finding.fault(
              subject,
              archive.text()
                  + ": nginx reads another directory than "
                  + root.path()
                  + "; generate its configuration anew");
      case BROKEN_IN_NGINX ->
          literalsAreRead
              ? Finding.fault(subject, unreadable(samples))
              : Finding.unknown(subject, "nginx has to read the storage first");
    };
  }

  private String unreadable(List<Sample> samples) {
    String cannot = "nginx cannot read its files, though Lading can: ";
    for (Sample sample : samples) {
      String obstacle = DirectorySamples.obstacle(root.path().resolve(sample.path()));
      if (obstacle != null) {
        return cannot + obstacle;
      }
    }
    Path content = installation.configuration().storage().resolve("content");
    String cure =
        root.serve() == Serve.LINKS
            ? "it refuses the links in "
                + content
                + " (disable_symlinks must be off for /internal/, as generated), or does not see "
                + root.path()
                + " (a mount, a container)"
            : "its location /internal/roots/"
                + root.name()
                + "/ is not generated from these settings, or it does not see "
                + root.path()
                + " (a mount, a container)";
    return cannot + cure + "; its error log names the reason";
  }
}
