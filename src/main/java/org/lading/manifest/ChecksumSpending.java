package org.lading.manifest;

/**
 * What is done for the CRC-32s of one request that nobody knew.
 *
 * @param requests the number of CRC-32s that are requested from stores
 * @param files the number of files that are read
 * @param bytes the number of their bytes
 */
public record ChecksumSpending(int requests, long files, long bytes) {}
