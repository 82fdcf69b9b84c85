package org.lading.nginx;

import java.util.List;

/** Writes values so that nginx reads them back unchanged. */
final class NginxSyntax {
  private NginxSyntax() {}

  /**
   * The value as one quoted parameter. Quoted, nginx takes spaces, semicolons and braces as they
   * are and unescapes only a backslash and a quote.
   *
   * @param what names the value in faults
   * @param faults receives a fault if nginx has no way to write the value: a dollar sign always
   *     begins a variable where paths are concerned
   */
  static String quoted(String value, String what, List<String> faults) {
    if (value.indexOf('$') >= 0) {
      faults.add(what + ": nginx cannot be told a path with a dollar sign");
    }
    if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      faults.add(what + ": nginx cannot be told a path with a control character");
    }
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The block with every line that is not empty moved in by four spaces. */
  static String indented(String block) {
    return block.indent(4).replaceAll("(?m)^ +$", "");
  }
}
