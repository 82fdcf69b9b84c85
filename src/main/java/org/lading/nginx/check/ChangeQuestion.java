package org.lading.nginx.check;

import java.util.List;
import org.lading.base.Finding;
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
    scratch.write("as it became now");
    ReceivedArchive archive = download.assembled();
    return switch (archive.kind()) {
      case BROKEN -> Finding.ok(subject, "an object that changed breaks the archive");
      case WHOLE, CORRUPT -> unnoticed(subject, download);
      default ->
          archive.answer().status() == 409
              ? Finding.ok(subject, "an object that changed is refused")
              : Finding.unknown(subject, "/get gave " + archive.answer().inWords());
    };
  }

  /** Tells a configuration that does not guard from a store that cannot be guarded. */
  private Finding unnoticed(String subject, CheckDownload download) {
    String what = "an object that changed went into an archive that looks complete: ";
    if (!root.guard()) {
      return Finding.unknown(subject, what + "that is how the setting guard: false has it");
    }
    boolean guarded =
        download.manifest().stream().allMatch(line -> NginxLocation.isGuarded(line.location()));
    return Finding.fault(
        subject,
        what
            + (guarded
                ? "the store does not evaluate If-Match, or the configuration of nginx does not pass"
                    + " it on: generate it anew"
                : "generate the configuration of nginx anew, so that it asks for guarded locations;"
                    + " if it does, the store's ETags are none that can be asked for"));
  }
}
