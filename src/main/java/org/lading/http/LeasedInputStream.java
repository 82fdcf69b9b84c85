package org.lading.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.lading.download.Leases;
import org.lading.download.Transfer;

/**
 * A body of a download that is protected from removal until the body is closed, with the transfer
 * that it is read for.
 */
final class LeasedInputStream extends FilterInputStream {
  private final Leases.Lease lease;
  private final Transfer transfer;

  LeasedInputStream(InputStream in, Leases.Lease lease, Transfer transfer) {
    super(in);
    this.lease = lease;
    this.transfer = transfer;
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
    }
  }
}
