package org.lading.download;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for that is sent bytes of a download.
 *
 * @param page the page that it asked for
 * @param client the name of the client of the settings for which it is sent: by a plain link the
 *     one that the link is of, else the one that created the download
 * @param address the IP address of who asked
 * @param userAgent what the program that asked says of itself, or null
 * @param status the status of the reply, 200 or 206
 * @param length the number of bytes of the reply's body
 * @param parts the byte ranges of the archive, or of the entry, in the order of the reply; at least
 *     one unless the archive is empty
 */
public record TransferRequest(
    Page page,
    String client,
    String address,
    @Nullable String userAgent,
    int status,
    long length,
    List<Part> parts) {
  /** The pages that send bytes of a download. */
  public enum Page {
    /** The archive that Lading makes. */
    DOWNLOAD,
    /** The archive at the address of mod_zip's, which Lading makes if it has no entries. */
    GET,
    /** A plain link. */
    LINK,
    /** One entry of an archive that mod_zip makes, for nginx. */
    ENTRY
  }

  /**
   * A byte range.
   *
   * @param first the position of the first byte in the archive or entry, from 0
   * @param last the position of the last one, inclusive
   * @param offset the position of the first byte in the body of the reply
   */
  public record Part(long first, long last, long offset) {
    /** Returns the number of bytes. */
    public long length() {
      return last - first + 1;
    }
  }

  /** Copies the list. */
  public TransferRequest {
    parts = List.copyOf(parts);
  }
}
