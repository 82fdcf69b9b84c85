package org.lading.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Many clients that each read one body at a steady pace, all on one thread. */
public final class SlowClients implements AutoCloseable {
  private static final int TICK_MILLIS = 200;
  private static final int RECEIVE_BUFFER = 64 * 1024;
  private static final double KEPT = 0.9;

  private final int bytesPerSecond;
  private final List<Client> clients = new ArrayList<>();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final ByteBuffer buffer;
  private ScheduledFuture<?> reading;

  private SlowClients(int bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    this.buffer = ByteBuffer.allocateDirect(bytesPerSecond);
  }

  /** Connects them to a port of the loopback address; from then on they read. */
  public static SlowClients start(int port, String target, int clients, int bytesPerSecond)
      throws IOException {
    SlowClients all = new SlowClients(bytesPerSecond);
    try {
      for (int i = 0; i < clients; i++) {
        SocketChannel socket = Sink.request(port, target, RECEIVE_BUFFER);
        all.clients.add(all.new Client(socket));
        socket.configureBlocking(false);
      }
    } catch (IOException e) {
      all.close();
      throw e;
    }
    all.reading =
        all.thread.scheduleAtFixedRate(all::readAll, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return all;
  }

  /** How many have got at least nine tenths of what their pace gives since they connected. */
  public long onPace() {
    if (reading.isDone()) {
      throw new IllegalStateException("the slow clients read no more");
    }
    return clients.stream().filter(Client::isOnPace).count();
  }

  @Override
  public void close() throws IOException {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IOException("slow clients did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.socket.close();
    }
  }

  private void readAll() {
    clients.forEach(Client::read);
  }

  /** One of them. */
  private final class Client {
    private final SocketChannel socket;
    private final long start = System.nanoTime();
    private final AtomicLong got = new AtomicLong();
    private boolean ended;

    Client(SocketChannel socket) {
      this.socket = socket;
    }

    private double due() {
      return (System.nanoTime() - start) / 1e9 * bytesPerSecond;
    }

    private boolean isOnPace() {
      return got.get() >= KEPT * due();
    }

    private void read() {
      int wanted = (int) Math.min(due() - got.get(), buffer.capacity());
      if (ended || wanted <= 0) {
        return;
      }
      try {
        int read = socket.read(buffer.clear().limit(wanted));
        ended = read < 0;
        got.addAndGet(Math.max(read, 0));
      } catch (IOException e) {
        ended = true;
      }
    }
  }
}
