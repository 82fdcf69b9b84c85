package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import org.lading.download.Download;

/** Who makes the archive behind a download URL: mod_zip from the manifest, or Lading itself. */
public final class AssemblerChoice {
  /** The header by which nginx says that mod_zip is in front. */
  private static final String HEADER = "X-Archive-Assembler";

  private final boolean dependsOnNginx;
  private final long modZipMaxEntries;

  private AssemblerChoice(boolean dependsOnNginx, long modZipMaxEntries) {
    this.dependsOnNginx = dependsOnNginx;
    this.modZipMaxEntries = modZipMaxEntries;
  }

  /** Always mod_zip. */
  public static AssemblerChoice modZip() {
    return new AssemblerChoice(false, Long.MAX_VALUE);
  }

  /** Always Lading. */
  public static AssemblerChoice embedded() {
    return new AssemblerChoice(false, -1);
  }

  /** mod_zip if a call came through it and the entries are no more than its memory is meant for. */
  public static AssemblerChoice auto(int modZipMaxEntries) {
    return new AssemblerChoice(true, modZipMaxEntries);
  }

  /** Whether mod_zip makes the archive, for the client of this request. */
  boolean isModZip(HttpServletRequest request, Download download) {
    boolean available = !dependsOnNginx || "mod_zip".equals(request.getHeader(HEADER));
    return available && download.totals().entries() <= modZipMaxEntries;
  }
}
