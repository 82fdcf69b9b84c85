package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.api.ClientRoute.ModZip;
import org.lading.base.HeaderList;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Finds out, from a request, the URL by which its client reaches the application, and whether the
 * nginx in between has mod_zip.
 */
public final class ClientRouteFinder {
  private final RouteSettings settings;
  private final NginxSightings sightings;

  /**
   * Makes a finder that returns the public URL of the settings, or the request's own.
   *
   * @param sightings gets to know what nginx says of itself
   */
  public ClientRouteFinder(RouteSettings settings, NginxSightings sightings) {
    this.settings = settings;
    this.sightings = sightings;
  }

  /**
   * Returns the way by which the client of a request reaches the application; fails with {@code
   * MISDIRECTED} if the settings name hosts, and not that of the request.
   */
  public ClientRoute route(HttpServletRequest request) {
    if (!settings.hosts().isEmpty()) {
      requireNamed(host(request));
    }
    sightings.see(request);
    String context = request.getContextPath();
    String url =
        settings.publicUrl() == null
            ? scheme(request) + "://" + host(request) + context
            : outside(settings.publicUrl(), context);
    return new ClientRoute(url, modZip(request.getHeader(NginxSightings.ASSEMBLER_HEADER)));
  }

  /**
   * Returns the way by which somebody reaches the application who sent no request, but reads a
   * message: at the public URL, which the settings must have, through the nginx that was seen last.
   *
   * @param contextPath the path at which the container has the application
   */
  public ClientRoute routeOfMessages(String contextPath) {
    URI url = settings.publicUrl();
    if (url == null) {
      throw new IllegalStateException("nginx_url is not set");
    }
    return new ClientRoute(outside(url, contextPath), modZip(sightings.lastAssembler()));
  }

  /**
   * Returns the outside URL of the application. A URL that ends with the context path has it
   * already: so it stands in the settings of medusa-downloader.
   */
  private static String outside(URI publicUrl, String contextPath) {
    return publicUrl.getRawPath().endsWith(contextPath)
        ? publicUrl.toString()
        : publicUrl + contextPath;
  }

  /** Reads {@code mod_zip}, to which a module that frees its buffers adds a version. */
  private static ModZip modZip(@Nullable String announced) {
    if (announced == null || !announced.startsWith("mod_zip")) {
      return ModZip.ABSENT;
    }
    String version = announced.substring("mod_zip".length());
    if (version.isEmpty()) {
      return ModZip.KEEPS_BUFFERS;
    }
    return version.startsWith("/") ? ModZip.FREES_BUFFERS : ModZip.ABSENT;
  }

  /**
   * Returns the host that a request names; if it names none, as HTTP/1.0 allows, the one at which
   * it came in. A malformed one is {@code UNPARSEABLE}.
   */
  static Authority host(HttpServletRequest request) {
    String header = request.getHeader("Host");
    Authority host =
        header == null || header.isBlank()
            ? Authority.parse(bracketed(request.getServerName()) + ":" + request.getServerPort())
            : Authority.parse(header);
    if (host == null) {
      throw new LadingException(
          ErrorCode.UNPARSEABLE, "The Host of the request is neither a host name nor an address");
    }
    return host.withoutPortOf(scheme(request));
  }

  private void requireNamed(Authority host) {
    if (!settings.names(host)) {
      throw new LadingException(
          ErrorCode.MISDIRECTED,
          "Lading does not answer for the host "
              + PrintableText.of(host.toString())
              + "; the setting hosts names those that it answers for");
    }
  }

  /**
   * Returns the scheme of a request: nginx tells it in {@code X-Forwarded-Proto}, which has several
   * if there are several proxies, that of the client first.
   */
  private static String scheme(HttpServletRequest request) {
    String forwarded =
        HeaderList.elements(request.getHeaders("X-Forwarded-Proto")).stream()
            .findFirst()
            .orElse("")
            .toLowerCase(Locale.ROOT);
    return isWeb(forwarded) ? forwarded : request.getScheme();
  }

  /** Puts an IPv6 address in brackets, which some containers do. */
  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static boolean isWeb(String scheme) {
    return scheme.equals("http") || scheme.equals("https");
  }
}
