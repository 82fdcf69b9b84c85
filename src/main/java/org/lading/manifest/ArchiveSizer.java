package org.lading.manifest;

/** Computes the exact length in bytes of the archive that an assembler makes of entries. */
public interface ArchiveSizer {
  /** Adds the next entry of the archive. */
  void add(Entry entry);

  /** Returns the length in bytes of an archive of the entries so far. */
  long length();
}
