package org.lading.nginx;

import java.util.List;

/** Quotes values and indents blocks of nginx configurations. */
final class NginxSyntax {
  private NginxSyntax() {}

  /**
   * Returns a value as one quoted parameter, in which spaces, semicolons and braces stand for
   * themselves and only backslashes and quotes are escaped.
   *
   * @param what the name of the value in faults
   * @param faults receives a fault if nginx cannot express the value: in a path, a dollar sign
   *     always begins a variable
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

  /** Returns a block with every line that is not empty indented by four spaces. */
  static String indented(String block) {
    return block.indent(4).replaceAll("(?m)^ +$", "");
  }
}
