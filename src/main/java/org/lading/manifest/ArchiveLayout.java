package org.lading.manifest;

/** Computes where each entry begins in the archive that Lading streams itself. */
public interface ArchiveLayout extends ArchiveSizer {
  /** Returns the point after the added entries, where the next one begins. */
  ArchivePoint point();
}
