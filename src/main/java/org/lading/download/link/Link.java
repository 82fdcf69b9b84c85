package org.lading.download.link;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.lading.base.Digests;
import org.lading.download.CreateRequest;

/**
 * What a plain link asks for.
 *
 * @param key the key, 64 hex digits: links that ask for the same have the same one
 * @param client the name of the client that asks
 * @param request the request that its download is made from; without it there is no archive
 * @param admission is asked before an archive is prepared; throws if too many are
 * @param mayPrepare whether an archive is prepared for it where there is none that is still right
 * @param name the name of the archive without {@code .zip}, in the answers to this link alone
 */
public record Link(
    String key,
    String client,
    CreateRequest request,
    Runnable admission,
    boolean mayPrepare,
    String name) {
  /** Copies this link with who asked. */
  public Link by(String address, @Nullable String userAgent) {
    return new Link(key, client, request.by(address, userAgent), admission, mayPrepare, name);
  }

  /** Returns the key for what describes a link, text by text; no text has a NUL. */
  public static String key(String... description) {
    byte[] joined = String.join("\0", description).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256().digest(joined));
  }
}
