package org.lading.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.lading.download.Leases;
import org.lading.download.Transfer;

/**
 * A body of a download that is protected from removal until the body is closed, with the transfer
 * that it is read for.
 */
final class LeasedInputStream extends FilterInputStream {
  private final Leases.Lease lease;
  private final Transfer transfer;
  private final LongConsumer held;

  /**
   * Makes a stream.
   *
   * @param held is called at the end, with the number of bytes that were not sent
   */
  LeasedInputStream(InputStream in, Leases.Lease lease, Transfer transfer, LongConsumer held) {
    super(in);
    this.lease = lease;
    this.transfer = transfer;
    this.held = held;
  }

  /** Returns the transfer that the body is read for. */
  Transfer transfer() {
    return transfer;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    try {
      return super.read(buffer, start, length);
    } catch (IOException | RuntimeException e) {
      transfer.failed(e);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (lease;
        transfer) {
      super.close();
    } finally {
      held.accept(Math.max(0, transfer.request().length() - transfer.sent()));
    }
  }
}
