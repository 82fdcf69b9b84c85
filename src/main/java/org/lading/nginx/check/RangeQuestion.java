package org.lading.nginx.check;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.lading.base.Finding;
import org.lading.nginx.check.ModZipQuestion.Assembler;

/** Asks whether clients can continue archives, and learn their lengths beforehand. */
final class RangeQuestion {
  private static final String SUBJECT = "ranges";
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final List<String> MALFORMED =
      List.of("bytes=10-5", "bytes=0-0,10-5", "bytes=abc", "items=0-5");

  private RangeQuestion() {}

  static List<Finding> ask(Installation installation, Assembler assembler, CheckDownload literal) {
    List<Finding> findings = new ArrayList<>();
    if (literal.streamed().isWhole()) {
      findings.add(range(installation, literal.streamedPage(), literal.streamed().answer().body()));
    }
    if (assembler == Assembler.LADING) {
      return findings;
    }
    if (assembler != Assembler.MOD_ZIP || !literal.assembled().isWhole()) {
      findings.add(Finding.unknown(SUBJECT, "/get gave no archive of which to ask for a part"));
      return findings;
    }
    byte[] whole = literal.assembled().answer().body();
    if (literal.manifest().stream().allMatch(ManifestLine::hasCrc32)) {
      findings.add(range(installation, literal.assembledPage(), whole));
      findings.add(malformed(installation, literal.assembledPage(), whole.length));
    } else {
      findings.add(
          Finding.unknown(SUBJECT, "mod_zip gives none of an archive with an unknown CRC-32"));
    }
    findings.add(length(installation, literal.assembledPage(), whole.length));
    return findings;
  }

  /** Asks for a part of the literal's text: its bytes do not depend on the time of the request. */
  private static Finding range(Installation installation, String page, byte[] whole) {
    int start =
        indexOf(whole, Installation.LITERAL.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    int from = start + 5;
    int to = start + 25;
    Answer answer = installation.door().get(page, "Range", "bytes=%d-%d".formatted(from, to - 1));
    String last = page.substring(page.lastIndexOf('/'));
    String range = "bytes %d-%d/%d".formatted(from, to - 1, whole.length);
    boolean right =
        answer.status() == PARTIAL_CONTENT
            && answer.isWhole()
            && range.equals(answer.header("Content-Range"))
            && Arrays.equals(answer.body(), Arrays.copyOfRange(whole, from, to));
    return right
        ? Finding.ok(SUBJECT, last + " gives parts, so that clients can continue")
        : Finding.fault(
            SUBJECT,
            "%s answers a Range with %s instead of its part, so that no client can continue: remove"
                    .formatted(last, answer.inWords())
                + " what drops ranges (proxy_set_header Range \"\", a proxy in front of nginx)");
  }

  /**
   * Asks with headers that are no ranges, which RFC 9110 (14.2) has servers ignore: mod_zip itself
   * drops the connection, or answers 416.
   */
  private static Finding malformed(Installation installation, String page, int length) {
    Set<String> dropped = new LinkedHashSet<>();
    Set<String> refused = new LinkedHashSet<>();
    for (String range : MALFORMED) {
      Answer answer = installation.door().get(page, "Range", range);
      if (answer.status() == RANGE_NOT_SATISFIABLE) {
        refused.add(range);
      } else if (answer.status() != 200 || !answer.isWhole() || answer.body().length != length) {
        dropped.add(range);
      }
    }
    String subject = SUBJECT + ", malformed";
    if (dropped.isEmpty() && refused.isEmpty()) {
      return Finding.ok(subject, "/get ignores what is no range, as RFC 9110 asks");
    }
    if (refused.size() == MALFORMED.size()) {
      return Finding.ok(
          subject, "/get refuses what is no range (416), as generated for proxy_protocol");
    }
    return Finding.fault(
        subject,
        "/get gives no archive to a client that sends "
            + Stream.concat(dropped.stream(), refused.stream()).collect(joining(" or "))
            + ": generate the configuration of nginx anew, whose map $http_range keeps such"
            + " headers from mod_zip");
  }

  private static Finding length(Installation installation, String page, int length) {
    Answer head = installation.door().head(page);
    String told = head.header("Content-Length");
    return head.status() == 200 && String.valueOf(length).equals(told)
        ? Finding.ok("HEAD", "/get tells the length of the archive")
        : Finding.fault(
            "HEAD",
            "/get has %d bytes, but HEAD answers %s with the length %s: generate the configuration"
                    .formatted(length, head.inWords(), told)
                + " anew, and pass HEAD on where a proxy is in front of nginx");
  }

  private static int indexOf(byte[] whole, byte[] part) {
    for (int i = 0; i + part.length <= whole.length; i++) {
      if (Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return 0;
  }
}
