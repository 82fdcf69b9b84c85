package org.lading.nginx.check;

import java.util.ArrayList;
import java.util.List;
import org.lading.base.Finding;
import org.lading.config.Configuration;

/** Asks whether mod_zip makes archives, and whether nginx can read the storage for them. */
final class ModZipQuestion {
  private static final String SUBJECT = "mod_zip";
  private static final String STORAGE = "storage";

  /** Who makes the archives that {@code /get} gives. */
  enum Assembler {
    /** mod_zip, also if its archives break off. */
    MOD_ZIP,
    /** Lading: {@code /get} leads to {@code /download}. */
    LADING,
    /** Nobody: {@code /get} does not give archives. */
    NONE
  }

  /** What was found. */
  record Outcome(Assembler assembler, List<Finding> findings) {}

  private ModZipQuestion() {}

  /** Asks with a download of nothing but a literal, which lies in the storage. */
  static Outcome ask(Configuration configuration, CheckDownload literal) {
    ReceivedArchive archive = literal.assembled();
    return switch (archive.kind()) {
      case WHOLE ->
          new Outcome(
              Assembler.MOD_ZIP,
              List.of(Finding.ok(SUBJECT, "/get gives an archive"), sameFiles(literal, archive)));
      case CORRUPT ->
          new Outcome(
              Assembler.MOD_ZIP,
              List.of(
                  Finding.ok(SUBJECT, "/get gives an archive"),
                  Finding.fault(
                      STORAGE,
                      "the archive of a literal has other bytes than Lading stored: nginx reads"
                          + " another directory than "
                          + content(configuration))));
      case BROKEN -> broken(configuration, archive);
      case MANIFEST ->
          new Outcome(
              Assembler.NONE,
              List.of(
                  Finding.fault(
                      SUBJECT,
                      "clients get the text of the manifest under the name of a zip: load mod_zip"
                          + " into nginx, or generate the configuration with --no-mod-zip")));
      case OTHER -> other(archive.answer());
    };
  }

  private static Finding sameFiles(CheckDownload literal, ReceivedArchive archive) {
    ReceivedArchive streamed = literal.streamed();
    if (!streamed.isWhole()) {
      return Finding.fault(
          STORAGE, "/download does not give the archive: " + streamed.answer().inWords());
    }
    return archive.hasFilesOf(streamed)
        ? Finding.ok(STORAGE, "nginx reads what Lading writes there")
        : Finding.fault(
            STORAGE, "nginx reads other literals than Lading wrote: is its storage the same?");
  }

  private static Outcome broken(Configuration configuration, ReceivedArchive archive) {
    List<Finding> findings = new ArrayList<>();
    boolean begun = archive.answer().body().length > 0;
    findings.add(
        begun
            ? Finding.ok(SUBJECT, "/get begins an archive")
            : Finding.unknown(
                SUBJECT,
                "/get breaks off before its first byte, as mod_zip does when it lacks an entry"));
    String obstacle = DirectorySamples.obstacle(configuration.storage().resolve("content"));
    findings.add(
        Finding.fault(
            STORAGE,
            "the archive of a literal breaks off, since nginx cannot read it; "
                + (obstacle != null
                    ? obstacle
                    : "its second server must listen where the first one asks (--files-listen), and"
                        + " the user of its workers must be able to read "
                        + content(configuration)
                        + "; nginx's error log names the reason")));
    return new Outcome(Assembler.MOD_ZIP, findings);
  }

  private static Outcome other(Answer answer) {
    String location = answer.header("Location");
    if (answer.isRedirect() && location != null && location.endsWith("/download")) {
      return new Outcome(
          Assembler.LADING,
          List.of(Finding.ok(SUBJECT, "it is not claimed: /get leads to Lading's own archive")));
    }
    return new Outcome(
        Assembler.NONE,
        List.of(Finding.fault(SUBJECT, "/get does not give an archive: " + answer.inWords())));
  }

  private static String content(Configuration configuration) {
    return configuration.storage().resolve("content").toString();
  }
}
