package org.lading.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on a loopback port, which knows the IPv4 addresses that it was told. */
public final class NameServer implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int NO_SUCH_NAME = 3;
  private static final int HEAD_BYTES = 12;

  private final DatagramSocket socket;
  private final Map<String, byte[]> addresses = new ConcurrentHashMap<>();

  /** Starts it. */
  public NameServer() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread thread = new Thread(this::serve, "name-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** The address and port. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Gives a name an address, for at most one second at a time. */
  public void put(String name, String address) throws IOException {
    addresses.put(name, InetAddress.getByName(address).getAddress());
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /**
   * Makes the answer to a query, RFC 1035 section 4: the question again, and at most one address.
   */
  private byte[] answer(byte[] message) {
    ByteBuffer query = ByteBuffer.wrap(message);
    StringBuilder name = new StringBuilder();
    query.position(HEAD_BYTES);
    for (int length = query.get(); length > 0; length = query.get()) {
      byte[] label = new byte[length];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, US_ASCII));
    }
    int type = query.getShort();
    query.getShort();
    byte[] known = addresses.get(name.toString());
    byte[] address = type == TYPE_A ? known : null;
    ByteBuffer answer = ByteBuffer.allocate(512);
    answer.putShort(query.getShort(0));
    answer.putShort((short) (0x8180 | (known == null ? NO_SUCH_NAME : 0)));
    answer.putShort((short) 1).putShort((short) (address == null ? 0 : 1)).putInt(0);
    answer.put(message, HEAD_BYTES, query.position() - HEAD_BYTES);
    if (address != null) {
      answer.putShort((short) 0xc00c).putShort((short) TYPE_A).putShort((short) 1);
      answer.putInt(1).putShort((short) address.length).put(address);
    }
    byte[] bytes = new byte[answer.position()];
    answer.flip().get(bytes);
    return bytes;
  }
}
