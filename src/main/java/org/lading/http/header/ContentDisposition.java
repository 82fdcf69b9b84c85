package org.lading.http.header;

import org.lading.root.PercentEncoding;

/** Writes the header with the file name of an archive, RFC 6266 with RFC 8187. */
public final class ContentDisposition {
  private ContentDisposition() {}

  /** Returns the header's value for a file name of any characters. */
  public static String attachment(String fileName) {
    StringBuilder value = new StringBuilder("attachment; filename=\"");
    fileName.codePoints().forEach(c -> value.append(isPlain(c) ? (char) c : '_'));
    value.append("\"; filename*=UTF-8''");
    return value.append(PercentEncoding.path(fileName.replace('/', '_'))).toString();
  }

  /** Returns whether a character can stand in the fallback; some browsers decode percent signs. */
  private static boolean isPlain(int c) {
    return c >= 0x20 && c < 0x7f && "\"\\%/".indexOf(c) < 0;
  }
}
