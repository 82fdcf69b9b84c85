package org.lading.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A long way to a server: passes on at once what clients send, and each byte that comes back only
 * after a delay, on as many connections at a time as there are.
 */
public final class DelayingProxy implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final int target;
  private final Duration delay;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Starts one in front of a port of the loopback address. */
  public DelayingProxy(int target, Duration delay) throws IOException {
    this.target = target;
    this.delay = delay;
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Its base URL, without a trailing slash. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    server.close();
    sockets.forEach(DelayingProxy::closeQuietly);
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket client = known(server.accept());
        Socket upstream = known(new Socket(InetAddress.getLoopbackAddress(), target));
        DelayQueue<Chunk> onTheWay = new DelayQueue<>();
        threads.execute(() -> move(client, upstream, () -> passOn(client, upstream)));
        threads.execute(() -> move(client, upstream, () -> take(upstream, onTheWay)));
        threads.execute(() -> move(client, upstream, () -> deliver(onTheWay, client)));
      }
    } catch (IOException closed) {
      // By close(); a client that is refused would say so itself.
    }
  }

  private Socket known(Socket socket) throws IOException {
    sockets.add(socket);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void passOn(Socket client, Socket upstream) throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = upstream.getOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
    }
    upstream.close();
  }

  private void take(Socket upstream, DelayQueue<Chunk> onTheWay) throws IOException {
    InputStream in = upstream.getInputStream();
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      onTheWay.add(new Chunk(Arrays.copyOf(buffer, read), System.nanoTime() + delay.toNanos()));
    }
    onTheWay.add(new Chunk(new byte[0], System.nanoTime() + delay.toNanos()));
  }

  private static void deliver(DelayQueue<Chunk> onTheWay, Socket client)
      throws IOException, InterruptedException {
    OutputStream out = client.getOutputStream();
    for (Chunk chunk = onTheWay.take(); chunk.bytes.length > 0; chunk = onTheWay.take()) {
      out.write(chunk.bytes);
    }
    client.close();
  }

  private void move(Socket client, Socket upstream, Transfer transfer) {
    try {
      transfer.run();
    } catch (IOException e) {
      // The other end went away: so does this one.
      closeQuietly(client);
      closeQuietly(upstream);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.removeIf(Socket::isClosed);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the three works of a connection. */
  @FunctionalInterface
  private interface Transfer {
    void run() throws IOException, InterruptedException;
  }

  /** Bytes with the time at which they arrive; none for the end. */
  private static final class Chunk implements Delayed {
    private final byte[] bytes;
    private final long arrival;

    Chunk(byte[] bytes, long arrival) {
      this.bytes = bytes;
      this.arrival = arrival;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(arrival - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(arrival - ((Chunk) other).arrival, 0);
    }
  }
}
