package org.lading.http.header;

import org.lading.root.PercentEncoding;

/** The header that names an archive's file, RFC 6266 with RFC 8187. */
public final class ContentDisposition {
  private ContentDisposition() {}

  /** The header's value for a file name of any characters. */
  public static String attachment(String fileName) {
    StringBuilder value = new StringBuilder("attachment; filename=\"");
    fileName.codePoints().forEach(c -> value.append(isPlain(c) ? (char) c : '_'));
    value.append("\"; filename*=UTF-8''");
    return value.append(PercentEncoding.path(fileName.replace('/', '_'))).toString();
  }

  /** A percent sign is left out because some browsers decode the fallback as well. */
  private static boolean isPlain(int c) {
    return c >= 0x20 && c < 0x7f && "\"\\%/".indexOf(c) < 0;
  }
}
