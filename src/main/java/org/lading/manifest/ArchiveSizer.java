package org.lading.manifest;

/** Adds up the exact length in bytes of the archive that some assembler makes of entries. */
public interface ArchiveSizer {
  /** Counts the next entry of the archive. */
  void add(Entry entry);

  /** The length of an archive of the entries so far, in bytes. */
  long length();
}
