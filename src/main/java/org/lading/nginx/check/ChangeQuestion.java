package org.lading.nginx.check;

import java.util.List;
import org.lading.root.s3.S3RootSettings;

/** Asks whether an object that changes after its download was made breaks the archive. */
final class ChangeQuestion {
  private final Installation installation;
  private final S3RootSettings root;
  private final List<CheckDownload> made;

  ChangeQuestion(Installation installation, S3RootSettings root, List<CheckDownload> made) {
    this.installation = installation;
    this.root = root;
    this.made = made;
  }

  /** Asks with an object, which gets other bytes of the same number. */
  Finding ask(ScratchObject scratch) {
    String subject = "root " + root.name() + ", changes";
    Installation.Created created = installation.createFiles(root.name(), List.of(scratch.path()));
    CheckDownload download = created.download();
    if (download == null) {
      return Finding.unknown(subject, "no download was made: " + created.answer().inWords());
    }
    made.add(download);
    if (download.manifest().stream().noneMatch(line -> line.location().contains("/if-match/"))) {
      return Finding.unknown(subject, "this configuration of nginx does not guard against it");
    }
    scratch.write("as it became now");
    ReceivedArchive archive = download.assembled();
    return switch (archive.kind()) {
      case BROKEN -> Finding.ok(subject, "an object that changed breaks the archive");
      case WHOLE, CORRUPT ->
          Finding.fault(
              subject,
              "an object that changed went into an archive that looks complete: generate nginx's"
                  + " configuration anew, so that it passes If-Match on");
      default ->
          archive.answer().status() == 409
              ? Finding.ok(subject, "an object that changed is refused")
              : Finding.unknown(subject, "/get gave " + archive.answer().inWords());
    };
  }
}
