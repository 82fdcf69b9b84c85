package org.lading.manifest;

/**
 * The settings of manifests.
 *
 * @param maxEntries the maximum number of entries of one download
 * @param maxBytes the maximum sum of the sizes of one download's files, in bytes
 * @param emptyDirectories whether empty directories become directory entries
 * @param checksumBudget the number of bytes of files that may be read for their checksums for each
 *     request; 0 for none
 */
public record ManifestSettings(
    long maxEntries, long maxBytes, boolean emptyDirectories, long checksumBudget) {}
