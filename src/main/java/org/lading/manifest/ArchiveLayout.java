package org.lading.manifest;

/** Adds up the archive that Lading streams itself, and knows where each entry of it begins. */
public interface ArchiveLayout extends ArchiveSizer {
  /** The place behind the entries so far. */
  ArchivePoint point();
}
