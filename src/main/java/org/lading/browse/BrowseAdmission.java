package org.lading.browse;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lading.access.Access;
import org.lading.api.OriginCheck;
import org.lading.body.BodyPolicy;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Decides by the head of a request whether its sender may send the form of a page to browse. Other
 * requests are another policy's to decide, which also counts the refusals: the form creates
 * downloads too.
 *
 * @param maxBodyBytes the maximum number of bytes of any body
 */
public record BrowseAdmission(
    Access access, OriginCheck origins, long maxBodyBytes, BodyPolicy others)
    implements BodyPolicy {
  /** The maximum number of bytes of a form: a page of ticks, each with a path of some length. */
  private static final long MAX_FORM_BYTES = 4 << 20;

  private static final String FORM = "application/x-www-form-urlencoded";

  /** The addresses to which forms are sent, which can be dispatched anew. */
  private static final Pattern PATH =
      Pattern.compile(
          "/browse/(?<root>[A-Za-z0-9_-][A-Za-z0-9._-]*)(?<path>(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*+)*+/?)");

  @Override
  public OptionalLong maxBytes(HttpServletRequest request) {
    String address = request.getRequestURI().substring(request.getContextPath().length());
    if (!request.getMethod().equals("POST") || !address.startsWith("/browse/")) {
      return others.maxBytes(request);
    }
    Matcher path = PATH.matcher(address);
    try {
      if (!path.matches()) {
        throw new LadingException(
            ErrorCode.UNPARSEABLE,
            "The form of this directory is sent to /browse/{root}/, with the directory in ?in=");
      }
      origins.requireOwnForm(request);
      requireForm(request.getContentType());
      Visit.of(request, access, path.group("root"), path.group("path"));
    } catch (LadingException e) {
      refused(request, e.code());
      throw e;
    }
    return OptionalLong.of(Math.min(MAX_FORM_BYTES, maxBodyBytes));
  }

  @Override
  public void refused(HttpServletRequest request, ErrorCode reason) {
    others.refused(request, reason);
  }

  private static void requireForm(String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    if (!type.split(";", 2)[0].strip().equals(FORM)) {
      throw new LadingException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE, "This page takes a form, " + FORM);
    }
  }
}
