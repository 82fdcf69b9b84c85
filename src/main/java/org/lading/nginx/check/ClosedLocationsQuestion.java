package org.lading.nginx.check;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lading.base.Finding;

/** Asks whether clients can fetch what only nginx itself may: the locations of manifests. */
final class ClosedLocationsQuestion {
  private static final String SUBJECT = "internal locations";

  private ClosedLocationsQuestion() {}

  /** Asks for the first location of the manifest of each of these downloads. */
  static List<Finding> ask(Installation installation, List<CheckDownload> downloads) {
    Set<String> open = new LinkedHashSet<>();
    Set<String> closed = new LinkedHashSet<>();
    for (CheckDownload download : downloads) {
      // Those of one root are in the same locations of nginx.
      for (ManifestLine line : download.manifest().stream().limit(1).toList()) {
        String plain = NginxLocation.unguarded(line.location());
        for (String location : new LinkedHashSet<>(List.of(line.location(), plain))) {
          Answer answer = installation.door().getPath(location);
          (isOpen(answer) ? open : closed).add(beginning(plain));
        }
      }
    }
    if (!open.isEmpty()) {
      return List.of(
          Finding.fault(
              SUBJECT,
              "clients can fetch "
                  + String.join(" and ", open)
                  + " themselves: these locations of nginx need \"internal;\", as generated"));
    }
    if (closed.isEmpty()) {
      return List.of(Finding.unknown(SUBJECT, "no manifest came to tell them"));
    }
    return List.of(
        Finding.ok(
            SUBJECT, "clients cannot fetch " + String.join(" and ", closed) + " themselves"));
  }

  /** Tells an answer of a file server or a store from a refusal of nginx. */
  private static boolean isOpen(Answer answer) {
    boolean ofStore =
        answer.header("x-amz-request-id") != null || answer.text().contains("<Error>");
    return answer.status() == 200 || answer.status() == 206 || ofStore;
  }

  private static String beginning(String location) {
    int end = location.indexOf('/', 1);
    return end < 0 ? location : location.substring(0, end + 1);
  }
}
