package org.lading.manifest;

/**
 * How large one download may become.
 *
 * @param entries the most members of an archive
 * @param bytes the most bytes of all files together
 */
public record EntryLimits(long entries, long bytes) {}
