package org.lading.nginx.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lading.base.Finding;
import org.lading.base.PrintableText;

/** Asks whether Lading answers at the address, and whether its own parts are well. */
final class AddressQuestion {
  private static final String SUBJECT = "address";
  private static final String STATUS = "status";
  private static final int MAX_QUOTED = 300;
  private static final Pattern PART = Pattern.compile("parts\\.(.+)\\.(status|warning)");

  private AddressQuestion() {}

  /** Returns what was found; the first finding is a fault if Lading does not answer there. */
  static List<Finding> ask(Installation installation) {
    Answer answer = installation.door().get("/status", "Prefer", "wait=5");
    Map<String, String> fields = FlatJson.fields(answer.body());
    if (answer.isWhole() && fields.containsKey("version")) {
      List<Finding> findings = new ArrayList<>();
      findings.add(Finding.ok(SUBJECT, "Lading answers there, version " + fields.get("version")));
      findings.add(tls(installation));
      findings.addAll(parts(fields));
      return findings;
    }
    if (answer.status() == 403 || answer.status() == 401) {
      return closed(installation, answer);
    }
    return List.of(notThere(installation, answer));
  }

  private static Finding tls(Installation installation) {
    boolean secure = "https".equals(installation.options().address().getScheme());
    return secure
        ? Finding.ok("TLS", "this Java trusts the certificate, which has the name of the address")
        : Finding.unknown("TLS", "the address is not https");
  }

  private static List<Finding> closed(Installation installation, Answer status) {
    Answer help = installation.door().get("/");
    if (help.status() != 200) {
      return List.of(notThere(installation, help));
    }
    return List.of(
        Finding.ok(SUBJECT, "Lading answers there"),
        tls(installation),
        Finding.unknown(
            STATUS,
            "/status is closed to this machine ("
                + status.inWords()
                + "), so what Lading says of itself is not seen"));
  }

  private static List<Finding> parts(Map<String, String> fields) {
    List<Finding> findings = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          Matcher part = PART.matcher(name);
          if (!part.matches() || value.equals("ok")) {
            return;
          }
          boolean down = part.group(2).equals("status");
          String error =
              down ? fields.getOrDefault("parts." + part.group(1) + ".error", value) : value;
          String words = PrintableText.of(error, MAX_QUOTED);
          findings.add(
              down
                  ? Finding.fault(
                      STATUS, part.group(1) + " is not available to Lading itself: " + words)
                  : Finding.unknown(STATUS, "Lading warns of " + part.group(1) + ": " + words));
        });
    if (findings.isEmpty()) {
      findings.add(Finding.ok(STATUS, "Lading says that all of its parts are available"));
    }
    return findings;
  }

  private static Finding notThere(Installation installation, Answer answer) {
    String cure =
        switch (answer.status()) {
          case 0 -> "";
          case 301, 302, 303, 307, 308 -> "check the address that it leads to";
          case 421 -> "name the host of this address in the setting hosts or nginx_url";
          case 404 ->
              "another server of this nginx answers for the name (see server_name and nginx_url),"
                  + " or Lading is deployed under another path than "
                  + installation.options().contextPath()
                  + " (--context-path)";
          case 502, 504 ->
              "nginx does not reach Lading: start it, or generate the configuration with the --app"
                  + " at which it listens";
          case 503 -> "Lading is not configured: the log of its container lists the faults";
          default -> "this is not an answer of Lading's";
        };
    String tlsOrText = answer.inWords();
    return Finding.fault(SUBJECT, cure.isEmpty() ? tlsOrText : tlsOrText + "; " + cure);
  }
}
