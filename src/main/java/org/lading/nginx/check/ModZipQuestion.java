package org.lading.nginx.check;

import java.util.ArrayList;
import java.util.List;
import org.lading.base.Finding;
import org.lading.config.Configuration;
import org.lading.manifest.StoredContents;

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

  /** Asks with a download of nothing but a literal, in the storage or the database. */
  static Outcome ask(Configuration configuration, CheckDownload literal) {
    ReceivedArchive archive = literal.assembled();
    if (archive.isWhole() && isOfLading(archive.answer())) {
      return older();
    }
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

  /** Tells an archive of Lading's own by its tag. */
  private static boolean isOfLading(Answer answer) {
    String tag = answer.header("ETag");
    return tag != null && tag.endsWith("-z\"");
  }

  private static Outcome older() {
    return new Outcome(
        Assembler.LADING,
        List.of(
            Finding.fault(
                SUBJECT,
                "archives with literals are Lading's own, since nginx does not say that it comes"
                    + " back for literals of the database: generate its configuration anew")));
  }

  private static Finding sameFiles(CheckDownload literal, ReceivedArchive archive) {
    ReceivedArchive streamed = literal.streamed();
    if (!streamed.isWhole()) {
      return Finding.fault(
          STORAGE, "/download does not give the archive: " + streamed.answer().inWords());
    }
    return archive.hasFilesOf(streamed)
        ? Finding.ok(STORAGE, "nginx gets the literals that Lading keeps")
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
    if (configuration.manifest().literals() == StoredContents.Place.DATABASE) {
      findings.add(
          Finding.fault(
              STORAGE,
              "the archive of a literal breaks off: nginx must reach Lading (--app) at its location"
                  + " /entry/; nginx's error log names the reason"));
      return new Outcome(Assembler.MOD_ZIP, findings);
    }
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
