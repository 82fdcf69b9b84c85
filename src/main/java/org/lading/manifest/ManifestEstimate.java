package org.lading.manifest;

/**
 * What the making of a request's entries would find beside them, and do for their CRC-32s.
 *
 * @param findings what it would find
 * @param spent what it would request from stores and read of files
 */
public record ManifestEstimate(ManifestFindings findings, ChecksumSpending spent) {}
