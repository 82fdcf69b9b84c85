package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Refuses requests that a page of another origin makes a browser send: with the browser come its
 * place in the network and, from a proxy's point of view, its user. Programs send neither {@code
 * Origin} nor {@code Sec-Fetch-Site}, and no page can make a browser leave both out.
 *
 * <p>A page of the request's own host passes only if that host is known: it is in the settings, or
 * is an address. Whoever owns any other name can have it lead to this server (DNS rebinding).
 */
public final class OriginCheck {
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");
  private static final Pattern JSON =
      Pattern.compile("application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  private final RouteSettings settings;

  /** Makes a check by the settings. */
  public OriginCheck(RouteSettings settings) {
    this.settings = settings;
  }

  /**
   * Fails with {@code FORBIDDEN} if a page that may not do so caused the request, and with {@code
   * UNSUPPORTED_MEDIA_TYPE} if a page did, and the body is not labelled as JSON: a page may send
   * other labels anywhere without asking first.
   */
  public void require(HttpServletRequest request) {
    requireOwnForm(request);
    if (request.getHeaders("Origin").hasMoreElements()) {
      requireJson(Collections.list(request.getHeaders("Content-Type")));
    }
  }

  /**
   * Fails with {@code FORBIDDEN} if a page that may not do so caused the request, whatever its body
   * is labelled as: for what a form of one of Lading's own pages sends.
   */
  public void requireOwnForm(HttpServletRequest request) {
    List<String> origins = Collections.list(request.getHeaders("Origin"));
    List<String> sites = Collections.list(request.getHeaders("Sec-Fetch-Site"));
    if (origins.isEmpty() && sites.isEmpty()) {
      return;
    }
    boolean isListed = !origins.isEmpty() && origins.stream().allMatch(this::isListed);
    if (!isListed) {
      Authority host = ClientRouteFinder.host(request);
      origins.stream().filter(origin -> !isOwn(origin, host)).forEach(OriginCheck::refuse);
      sites.stream().filter(site -> !isOwn(site)).forEach(OriginCheck::refuse);
      requireKnown(host, origins);
    }
  }

  /**
   * Returns whether a page of another site has a request sent as a part of itself, such as an image
   * or by a script, and not since somebody is led to its address. Pages of the origins of the
   * settings may do so.
   */
  public boolean isEmbedded(HttpServletRequest request) {
    List<String> sites = Collections.list(request.getHeaders("Sec-Fetch-Site"));
    List<String> modes = Collections.list(request.getHeaders("Sec-Fetch-Mode"));
    List<String> origins = Collections.list(request.getHeaders("Origin"));
    boolean isListed = !origins.isEmpty() && origins.stream().allMatch(this::isListed);
    return sites.stream().anyMatch(site -> site.strip().equalsIgnoreCase("cross-site"))
        && !modes.stream().allMatch(mode -> mode.strip().equalsIgnoreCase("navigate"))
        && !isListed;
  }

  private boolean isListed(String text) {
    Origin origin = Origin.parse(text);
    return origin != null && (settings.corsOrigins().contains(origin) || isPublic(origin));
  }

  private boolean isPublic(Origin origin) {
    return settings.publicUrl() != null
        && origin.equals(
            Origin.parse(
                settings.publicUrl().getScheme() + "://" + settings.publicUrl().getRawAuthority()));
  }

  /** The scheme is not compared: a proxy in front may end TLS and not say so. */
  private static boolean isOwn(String text, Authority host) {
    Origin origin = Origin.parse(text);
    return origin != null && origin.authority().equals(host.withoutPortOf(origin.scheme()));
  }

  private static boolean isOwn(String site) {
    return OWN_SITES.contains(site.strip().toLowerCase(Locale.ROOT));
  }

  private void requireKnown(Authority host, List<String> origins) {
    if (!host.isAddress() && !settings.names(host)) {
      throw new LadingException(
          ErrorCode.FORBIDDEN,
          "A page of "
              + PrintableText.of(origins.isEmpty() ? host.toString() : origins.get(0))
              + " may use this call only if the setting nginx_url or hosts names its host");
    }
  }

  private static void refuse(String from) {
    throw new LadingException(
        ErrorCode.FORBIDDEN,
        "A page of another origin ("
            + PrintableText.of(from)
            + ") may use this call only if the setting cors_origins names it");
  }

  private static void requireJson(List<String> types) {
    if (types.isEmpty() || !types.stream().allMatch(type -> JSON.matcher(type.strip()).matches())) {
      throw new LadingException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "A request with an Origin needs the Content-Type application/json");
    }
  }
}
