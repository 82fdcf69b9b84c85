package org.lading.nginx.check;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive of some files of a root, as nginx and as Lading gives it.
 *
 * @param verdict what became of it
 * @param download the download, or null if none was made
 * @param text why it is not right, of a {@link Verdict} that has no other words
 */
record RootArchive(RootArchive.Verdict verdict, @Nullable CheckDownload download, String text) {
  /** What can become of an archive. */
  enum Verdict {
    /** Both are whole and have the same files. */
    RIGHT,
    /** nginx's breaks off, Lading's is whole. */
    BROKEN_IN_NGINX,
    /** nginx's is not what Lading's is. */
    WRONG_IN_NGINX,
    /** Lading itself cannot give it. */
    LADING_FAILS,
    /** The client may not use the root. */
    NOT_ALLOWED
  }

  /** A file that goes in. */
  record Source(String path, Instant modified) {}

  /** Makes a download of files of a root, and fetches its archives. */
  static RootArchive of(
      Installation installation, String root, List<Source> files, DateEvidence dates) {
    Installation.Created created =
        installation.createFiles(root, files.stream().map(Source::path).toList());
    CheckDownload download = created.download();
    if (download == null) {
      boolean forbidden = "forbidden".equals(created.answer().field("code"));
      return new RootArchive(
          forbidden ? Verdict.NOT_ALLOWED : Verdict.LADING_FAILS, null, created.answer().inWords());
    }
    ReceivedArchive streamed = download.streamed();
    if (!streamed.isWhole()) {
      return new RootArchive(Verdict.LADING_FAILS, download, "/download " + inWords(streamed));
    }
    ReceivedArchive assembled = download.assembledByNginxAlone();
    if (assembled.kind() == ReceivedArchive.Kind.BROKEN) {
      return new RootArchive(Verdict.BROKEN_IN_NGINX, download, "the archive breaks off");
    }
    if (!assembled.isWhole()) {
      return new RootArchive(Verdict.WRONG_IN_NGINX, download, "/get " + inWords(assembled));
    }
    if (!assembled.hasFilesOf(streamed)) {
      return new RootArchive(
          Verdict.WRONG_IN_NGINX, download, "/get has other files than /download");
    }
    addDates(files, assembled, dates);
    return new RootArchive(Verdict.RIGHT, download, "");
  }

  private static void addDates(List<Source> files, ReceivedArchive assembled, DateEvidence dates) {
    for (int i = 0; i < files.size(); i++) {
      ReceivedArchive.Content member = assembled.members().get(Installation.fileName(i));
      if (member != null) {
        dates.add(member.modified(), files.get(i).modified(), assembled.answer());
      }
    }
  }

  private static String inWords(ReceivedArchive archive) {
    return switch (archive.kind()) {
      case BROKEN -> "breaks off";
      case CORRUPT -> "looks complete and is no right zip";
      case MANIFEST -> "gives the text of the manifest";
      default -> "gives " + archive.answer().inWords();
    };
  }
}
