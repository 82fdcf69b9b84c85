package org.lading.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.lading.error.LadingException;

/** Compares what a client says that it asks for with what a request asks for. */
final class RequestTarget {
  private RequestTarget() {}

  /**
   * Returns whether an address means what a request asks for. Repeated and trailing slashes make no
   * difference, nor does the way in which a character is encoded: a client may have written the
   * address in another way than it sent it, and proxies rewrite it.
   *
   * @param address a path with its query, or a whole URL, of which the server is not compared
   */
  static boolean isOf(HttpServletRequest request, String address) {
    String target = withoutServer(address);
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    String asked = request.getQueryString();
    try {
      return query.equals(asked == null ? "" : asked)
          && segments(path).equals(segments(request.getRequestURI()));
    } catch (LadingException e) {
      // One of them is not encoded by the rules.
      return path.equals(request.getRequestURI());
    }
  }

  private static String withoutServer(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      return address;
    }
    int slash = address.indexOf('/', address.indexOf("//") + 2);
    return slash < 0 ? "/" : address.substring(slash);
  }

  private static List<String> segments(String path) {
    return Grant.segments(path).stream()
        .map(segment -> PercentDecoding.decode(segment, "path"))
        .toList();
  }
}
