package org.lading.manifest;

import org.lading.manifest.names.NamePolicy;

/**
 * The settings of manifests.
 *
 * @param maxEntries the maximum number of entries of one download
 * @param maxBytes the maximum sum of the sizes of one download's files, in bytes
 * @param emptyDirectories whether empty directories become directory entries
 * @param emptyArchives whether there are archives without entries, rather than {@code EMPTY}
 * @param names what happens to names that some system could not unpack
 * @param checksumBudget the number of bytes of files that may be read for their checksums for each
 *     request; 0 for none
 * @param literals where new literals are kept
 */
public record ManifestSettings(
    long maxEntries,
    long maxBytes,
    boolean emptyDirectories,
    boolean emptyArchives,
    NamePolicy names,
    long checksumBudget,
    StoredContents.Place literals) {}
