package org.lading.nginx.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A download that was made for the check, as a client sees it. */
final class CheckDownload {
  private final PublicDoor door;
  private final String page;
  private final String downloadUrl;
  private @Nullable ReceivedArchive assembled;
  private @Nullable ReceivedArchive streamed;
  private @Nullable List<ManifestLine> manifest;

  /**
   * Makes a download of a create's answer.
   *
   * @param page its page without the last part, such as {@code /root/id}
   */
  CheckDownload(PublicDoor door, String page, String downloadUrl) {
    this.door = door;
    this.page = page;
    this.downloadUrl = downloadUrl;
  }

  String downloadUrl() {
    return downloadUrl;
  }

  /** Returns the page from which mod_zip makes the archive. */
  String assembledPage() {
    return page + "/get";
  }

  /** Returns the page of the archive that Lading streams. */
  String streamedPage() {
    return page + "/download";
  }

  /** Returns what {@code /get} gave, which is fetched once. */
  ReceivedArchive assembled() {
    ReceivedArchive known = assembled;
    if (known == null) {
      known = ReceivedArchive.of(door.get(assembledPage()));
      assembled = known;
    }
    return known;
  }

  /**
   * Fetches the archive that mod_zip makes of what nginx itself can fetch, without the entries that
   * Lading would read in its place.
   */
  ReceivedArchive assembledByNginxAlone() {
    return ReceivedArchive.of(door.get(assembledPage() + "?fallback=none"));
  }

  /** Returns what {@code /download} gave, which is fetched once. */
  ReceivedArchive streamed() {
    ReceivedArchive known = streamed;
    if (known == null) {
      known = ReceivedArchive.of(door.get(streamedPage()));
      streamed = known;
    }
    return known;
  }

  /** Returns the manifest's lines, as nginx gets them; none if the page does not give them. */
  List<ManifestLine> manifest() {
    List<ManifestLine> known = manifest;
    if (known == null) {
      Answer answer = door.get(page + "/manifest");
      known = answer.status() == 200 ? ManifestLine.parse(answer.text()) : List.of();
      manifest = known;
    }
    return known;
  }
}
