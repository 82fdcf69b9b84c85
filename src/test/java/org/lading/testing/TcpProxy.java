package org.lading.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stands in front of a server of this machine; counts what it answers, cuts it and halts it. */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final int target;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong forwarded = new AtomicLong();
  private final Semaphore more = new Semaphore(0);
  private final AtomicInteger cutsLeft = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final CountDownLatch halted = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile long cutAfter = Long.MAX_VALUE;
  private volatile long haltAfter = Long.MAX_VALUE;

  /** Passes everything on to that port, as yet untouched. */
  public TcpProxy(int target) throws IOException {
    this(target, 0);
  }

  /** As above, and listens on the given port; 0 for any that is free. */
  public TcpProxy(int target, int port) throws IOException {
    this.target = target;
    this.listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    threads.execute(this::accept);
  }

  /** The port it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Cuts {@code times} connections, each when it has brought {@code bytes} bytes to its client. */
  public void cut(int times, long bytes) {
    cutAfter = bytes;
    cutsLeft.set(times);
  }

  /** Cuts all connections that are open now. */
  public void cutAll() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** How many of the cuts are still to come. */
  public int cutsLeft() {
    return cutsLeft.get();
  }

  /** Halts all connections when together they have brought {@code bytes} bytes. */
  public void haltAfter(long bytes) {
    haltAfter = bytes;
  }

  /** Waits until that is so. */
  public boolean awaitHalt(int seconds) throws InterruptedException {
    return halted.await(seconds, TimeUnit.SECONDS);
  }

  /** Lets halted connections go on. */
  public void goOn() {
    haltAfter = Long.MAX_VALUE;
    goOn.countDown();
  }

  /** How many bytes the server has sent through here. */
  public long forwarded() {
    return forwarded.get();
  }

  /** Waits until nothing more comes for a second; as {@link #forwarded}. */
  public long awaitQuiet() throws InterruptedException {
    long before;
    do {
      before = forwarded.get();
    } while (more.tryAcquire(1, TimeUnit.SECONDS) || forwarded.get() != before);
    return before;
  }

  /** How many connections were open together, at most. */
  public int mostAtOnce() {
    return mostAtOnce.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    goOn();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try (client;
        Socket server = new Socket()) {
      open.add(server);
      server.setReceiveBufferSize(BUFFER);
      server.connect(new InetSocketAddress(client.getLocalAddress(), target));
      threads.execute(() -> passRequests(client, server));
      if (passAnswers(server.getInputStream(), client.getOutputStream())) {
        // Every other one hard: a cut may be a reset as well as an end.
        client.setSoLinger(cutsLeft.get() % 2 == 0, 0);
      }
      open.remove(server);
    } catch (IOException ended) {
      // By either side; the other one is closed now.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
      atOnce.decrementAndGet();
    }
  }

  private static void passRequests(Socket client, Socket server) {
    try (server) {
      client.getInputStream().transferTo(server.getOutputStream());
    } catch (IOException ended) {
      // The answers end with it.
    }
  }

  /** Whether it ends because it is to be cut. */
  private boolean passAnswers(InputStream from, OutputStream to)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[BUFFER];
    long brought = 0;
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
      brought += read;
      long total = forwarded.addAndGet(read);
      more.release();
      if (total >= haltAfter) {
        halted.countDown();
        goOn.await();
      }
      if (brought >= cutAfter && cutsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        return true;
      }
    }
    return false;
  }
}
