package org.lading.nginx.check;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.access.Clients;
import org.lading.base.Finding;
import org.lading.root.RootSettings;

/** Asks whether a download can be created, and whether its URL leads to the checked address. */
final class CreateQuestion {
  private static final String SUBJECT = "create";

  /**
   * What was found.
   *
   * @param download the download of a literal, or null if none could be made
   */
  record Outcome(@Nullable CheckDownload download, List<Finding> findings) {}

  private CreateQuestion() {}

  static Outcome ask(Installation installation) {
    Clients clients = installation.configuration().access().clients();
    boolean noToken = installation.options().token() == null;
    if (!clients.isOpen() && clients.all().isEmpty()) {
      return new Outcome(
          null, List.of(Finding.unknown(SUBJECT, "the setting clients lets nobody create")));
    }
    if (!clients.isOpen() && noToken) {
      return new Outcome(
          null, List.of(Finding.unknown(SUBJECT, "it needs the token of a client: give --token")));
    }
    Answer answer = null;
    for (RootSettings root : installation.configuration().roots()) {
      Installation.Created created = installation.createLiteral(root.name());
      CheckDownload download = created.download();
      if (download != null) {
        return new Outcome(download, found(installation, download));
      }
      answer = created.answer();
      if (!"forbidden".equals(answer.field("code"))) {
        break;
      }
    }
    return new Outcome(null, List.of(refused(answer)));
  }

  private static Finding refused(@Nullable Answer answer) {
    if (answer == null) {
      return Finding.unknown(SUBJECT, "the settings have no root");
    }
    String cure =
        switch (answer.status()) {
          case 401 -> "give the token of a client of the setting clients with --token";
          case 403 -> "allow this machine to create, in nginx (allow) or by the setting clients";
          case 301, 302, 303, 307, 308 -> "check the address that it leads to";
          case 421 -> "name the host of this address in the setting hosts or nginx_url";
          case 202 -> "the download was not ready in time: see /status for what waits";
          default -> "the log of Lading's container and nginx's error log say why";
        };
    return Finding.fault(SUBJECT, answer.inWords() + "; " + cure);
  }

  private static List<Finding> found(Installation installation, CheckDownload download) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(SUBJECT, "a download can be created"));
    String expected = installation.options().address() + installation.options().contextPath();
    if (isBelow(download.downloadUrl(), expected)) {
      findings.add(Finding.ok("URLs", "those in answers begin with the checked address"));
    } else {
      findings.add(
          Finding.fault(
              "URLs",
              "clients are sent to "
                  + download.downloadUrl().replaceFirst("(//[^/]*)/.*", "$1")
                  + " and not to the checked address: set nginx_url to it (or check the address of"
                  + " nginx_url), and pass Host and X-Forwarded-Proto on where a proxy is in front"
                  + " of nginx"));
    }
    return findings;
  }

  /** Compares two URLs; one may name the port that is its scheme's own. */
  private static boolean isBelow(String url, String base) {
    return withPort(url).startsWith(withPort(base) + "/");
  }

  private static String withPort(String url) {
    URI uri = URI.create(url);
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    return uri.getScheme() + "://" + uri.getHost() + ":" + port + uri.getRawPath();
  }
}
