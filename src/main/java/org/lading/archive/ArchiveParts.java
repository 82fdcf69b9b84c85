package org.lading.archive;

/**
 * The collaborators that all contents of one archive share.
 *
 * @param subject the beginning of log lines: {@code Download ID}
 * @param reader opens the bytes of entries
 * @param budget bounds the bytes that are prefetched
 * @param checksums the CRC-32s of the archive's members
 */
record ArchiveParts(
    String subject, EntryReader reader, PrefetchBudget budget, MemberChecksums checksums) {}
