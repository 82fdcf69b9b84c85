package org.lading.manifest;

import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.lading.checksum.ChecksumLedger;

/**
 * Where the CRC-32s of new entries come from, beside the roots themselves.
 *
 * @param ledger what is remembered
 * @param threads on which stores are asked for the checksums that they keep
 * @param budget bytes of files that may be read for each request; 0 for none
 */
public record ChecksumSources(ChecksumLedger ledger, ExecutorService threads, long budget) {
  /** Finds those of one request; what it finds, and what it does not, goes to the sink. */
  ChecksumFinder finder(Consumer<Entry> sink) {
    return new ChecksumFinder(ledger, threads, budget, sink);
  }
}
