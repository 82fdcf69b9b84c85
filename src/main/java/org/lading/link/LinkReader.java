package org.lading.link;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.access.Access;
import org.lading.access.FormFields;
import org.lading.access.Grant;
import org.lading.api.create.CreateAdmission;
import org.lading.base.PrintableText;
import org.lading.base.RequestNotes;
import org.lading.download.CreateRequest;
import org.lading.download.link.Link;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestRequest;
import org.lading.request.CreateRequestReader;

/** Reads what a plain link asks for, and makes sure that the request may have it. */
public final class LinkReader {
  private final Access access;
  private final CreateAdmission admission;
  private final Set<String> rootNames;

  /**
   * Makes a reader.
   *
   * @param admission knows which pages may have archives prepared by their scripts, and the limits
   *     of create requests
   * @param rootNames the names of all roots
   */
  public LinkReader(Access access, CreateAdmission admission, Set<String> rootNames) {
    this.access = access;
    this.admission = admission;
    this.rootNames = rootNames;
  }

  /**
   * Returns what a request asks for.
   *
   * @throws LadingException {@code FORBIDDEN} or {@code UNAUTHORIZED} if it may not have that,
   *     {@code NOT_FOUND} if there is no such root, {@code INVALID_NAME} or {@code UNPARSEABLE}
   */
  Link link(LinkPath path, HttpServletRequest request) {
    Grant grant = access.of(request);
    RequestNotes notes = RequestNotes.of(request.getAttribute(RequestNotes.ATTRIBUTE));
    return link(path, grant, request).by(notes.address(), notes.userAgent());
  }

  private Link link(LinkPath path, Grant grant, HttpServletRequest request) {
    boolean mayPrepare = !admission.origins().isEmbedded(request);
    Runnable counting = admission.counting(grant.client(), request);
    if (path.root().isEmpty()) {
      return ofCreate(grant, counting, mayPrepare);
    }
    return ofPath(
        path, grant, counting, mayPrepare, FormFields.parse(request.getQueryString()).find("name"));
  }

  /** Reads the create request that the token of a link has. */
  private Link ofCreate(Grant grant, Runnable counting, boolean mayPrepare) {
    String body = grant.createBody();
    if (body == null) {
      throw new LadingException(
          ErrorCode.NOT_FOUND,
          "A plain link is /zip/ROOT/PATH, or /zip with a token that has a create");
    }
    CreateRequest request =
        CreateRequestReader.ofBytes(
            body.getBytes(StandardCharsets.UTF_8),
            new CreateRequestReader.Checks(
                admission.settings().rules(), (root, index) -> requireUsable(grant, root, index)));
    // The token ends some day: whoever knows the download's id may not go on from there, and no
    // archive tells it.
    String name = ManifestRequest.nameOf(request.root());
    ManifestRequest manifest =
        new ManifestRequest(request.manifest().zipName(name), request.manifest().targets());
    CreateRequest once =
        new CreateRequest(request.root(), request.timeoutDays(), false, manifest)
            .from(request.origin());
    String asked = manifest.zipName();
    return new Link(
        Link.key("create", body),
        grant.client(),
        once,
        counting,
        mayPrepare,
        asked == null ? name : asked);
  }

  private void requireUsable(Grant grant, String root, int index) {
    if (!grant.mayCreateFrom(root) || !rootNames.contains(root)) {
      LadingException fault =
          new LadingException(
              ErrorCode.FORBIDDEN,
              "The client of the token may not use a root " + PrintableText.of(root));
      throw index < 0 ? fault : fault.at(index, null);
    }
  }

  private Link ofPath(
      LinkPath path, Grant grant, Runnable counting, boolean mayPrepare, @Nullable String name) {
    if (!grant.covers(path.root(), path.path())) {
      throw access.refusal(
          grant,
          "The root "
              + PrintableText.of(path.root())
              + " is not public, and this request may not have this part of it");
    }
    if (!rootNames.contains(path.root())) {
      throw new LadingException(
          ErrorCode.NOT_FOUND, "There is no root " + PrintableText.of(path.root()));
    }
    ManifestRequest manifest = ManifestRequest.ofPath(path.root(), path.path());
    // The name is only of the answer: otherwise one path had any number of archives.
    return new Link(
        Link.key("path", path.root(), path.path()),
        grant.client(),
        new CreateRequest(path.root(), OptionalLong.empty(), false, manifest),
        counting,
        mayPrepare,
        name == null || name.isEmpty()
            ? Objects.requireNonNull(manifest.zipName())
            : admission.settings().rules().names().requireName("name", name));
  }
}
