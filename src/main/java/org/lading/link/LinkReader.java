package org.lading.link;

import jakarta.servlet.http.HttpServletRequest;
import java.util.OptionalLong;
import java.util.Set;
import org.lading.access.Access;
import org.lading.access.Grant;
import org.lading.base.PrintableText;
import org.lading.download.CreateRequest;
import org.lading.download.link.Link;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestRequest;

/** Reads what a plain link asks for, and makes sure that the request may have it. */
public final class LinkReader {
  private final Access access;
  private final Set<String> rootNames;

  /**
   * Makes a reader.
   *
   * @param rootNames the names of all roots
   */
  public LinkReader(Access access, Set<String> rootNames) {
    this.access = access;
    this.rootNames = rootNames;
  }

  /**
   * Returns what a request asks for.
   *
   * @throws LadingException {@code FORBIDDEN} if it may not have that, {@code NOT_FOUND} if there
   *     is no such root, {@code INVALID_NAME} or {@code UNPARSEABLE}
   */
  Link link(LinkPath path, HttpServletRequest request) {
    Grant grant = access.of(request);
    if (path.root().isEmpty()) {
      throw new LadingException(
          ErrorCode.NOT_FOUND, "A plain link is /zip/ROOT/PATH; this one names no root");
    }
    if (!grant.covers(path.root(), path.path())) {
      throw new LadingException(
          ErrorCode.FORBIDDEN,
          "The root "
              + PrintableText.of(path.root())
              + " is not public, and this request may not have this part of it");
    }
    if (!rootNames.contains(path.root())) {
      throw new LadingException(
          ErrorCode.NOT_FOUND, "There is no root " + PrintableText.of(path.root()));
    }
    String name = LinkQuery.value(request.getQueryString(), "name");
    ManifestRequest manifest =
        ManifestRequest.ofPath(
            path.root(), path.path(), name == null || name.isEmpty() ? null : name);
    return new Link(
        Link.key("path", path.root(), path.path(), String.valueOf(manifest.zipName())),
        grant.client(),
        new CreateRequest(path.root(), OptionalLong.empty(), false, manifest));
  }
}
