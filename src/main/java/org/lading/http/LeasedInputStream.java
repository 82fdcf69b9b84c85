package org.lading.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.lading.download.Deliveries;
import org.lading.download.Leases;

/**
 * A body of a download that is protected from removal until the body is closed. What was read, and
 * what failed, goes to the count of deliveries.
 */
final class LeasedInputStream extends FilterInputStream {
  private final Leases.Lease lease;
  private final Deliveries.Delivery delivery;

  LeasedInputStream(InputStream in, Leases.Lease lease, Deliveries.Delivery delivery) {
    super(in);
    this.lease = lease;
    this.delivery = delivery;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    try {
      int read = super.read(buffer, start, length);
      delivery.sent(read);
      return read;
    } catch (IOException | RuntimeException e) {
      delivery.failed(e);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (lease;
        delivery) {
      super.close();
    }
  }
}
