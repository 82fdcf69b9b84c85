package org.lading.testing;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.lading.testing.Http.Reply;

/**
 * Three clients that create downloads and two that read archives, until the server is gone; and the
 * record of what it acknowledged, to which it is held afterwards. The roots are {@code linked} and
 * {@code direct}.
 */
public final class AcknowledgedDownloads {
  private static final int CREATORS = 3;
  private static final int READERS = 2;
  private static final int MAX_FAULTS = 5;
  private static final long PAUSE_MILLIS = 50;
  private static final long PAUSE_AFTER_CREATE_MILLIS = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String UNREAD = "";

  /** The page of each download whose create was answered, and the digest of its archive if read. */
  private final Map<String, String> digests = new ConcurrentHashMap<>();

  private final List<String> pages = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  /** The clients of one server. */
  public final class Clients {
    private final Http http;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isEnding;

    private Clients(LadingProcess server) {
      this.http = server.http();
      for (int i = 0; i < CREATORS + READERS; i++) {
        boolean creates = i < CREATORS;
        Thread thread = new Thread(() -> run(creates ? this::create : this::read));
        threads.add(thread);
        thread.start();
      }
    }

    private void run(Runnable step) {
      while (!isEnding) {
        try {
          step.run();
        } catch (UncheckedIOException e) {
          // The server was killed, or is not there yet; the caller knows when to end.
          pause(PAUSE_MILLIS);
        } catch (RuntimeException e) {
          fault("a client failed: " + e);
          throw e;
        }
      }
    }

    private void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        isEnding = true;
      }
    }

    private void create() {
      Random random = ThreadLocalRandom.current();
      String preference = random.nextBoolean() ? "respond-async" : LadingServer.PATIENT;
      byte[] body = request(random).getBytes(StandardCharsets.UTF_8);
      Reply reply = http.post("/downloads/create", body, "Prefer", preference);
      if (reply.status() == 201 || reply.status() == 202) {
        String url = reply.json().get("status_url").asText();
        acknowledge(url.substring(url.indexOf("/downloads"), url.lastIndexOf('/') + 1));
      } else if (reply.status() != 503) {
        fault("create: " + reply);
      }
      // Every download is looked at again after the next kill, and once more in the end.
      pause(PAUSE_AFTER_CREATE_MILLIS);
    }

    private void read() {
      String page = anyPage();
      if (page != null) {
        Reply reply = http.get(page + "download");
        if (reply.status() == 200) {
          compare(page, reply);
        }
      }
      pause(PAUSE_MILLIS);
    }

    /** Waits until the clients have noticed that the server is gone, or that they are to end. */
    public void end() throws InterruptedException {
      isEnding = true;
      for (Thread thread : threads) {
        thread.join();
      }
      http.close();
    }
  }

  /** Starts the clients of a server. */
  public Clients start(LadingProcess server) {
    return new Clients(server);
  }

  /** The number of downloads that were acknowledged. */
  public synchronized int size() {
    return pages.size();
  }

  /** The number of those whose archive was read. */
  public long read() {
    return digests.values().stream().filter(digest -> !digest.equals(UNREAD)).count();
  }

  /**
   * Holds the downloads from an index on to what was acknowledged: each gets ready, and is read.
   */
  public void check(Http http, int from) {
    for (String page : since(from)) {
      if (faults().size() >= MAX_FAULTS) {
        return;
      }
      Reply status =
          Traces.within(
              PATIENCE,
              () -> http.get(page + "status"),
              reply -> reply.status() != 200 || isSettled(reply));
      if (status.status() != 200 || !status.json().get("status").asText().equals("ready")) {
        fault("not ready: " + page + " " + status);
        continue;
      }
      Reply archive = http.get(page + "download");
      if (archive.status() == 200) {
        compare(page, archive);
      } else {
        fault("not served: " + page + " " + archive);
      }
    }
  }

  /** What was not as it had been acknowledged. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  private static boolean isSettled(Reply status) {
    String state = status.json().get("status").asText();
    return state.equals("ready") || state.contains("missing") || state.equals("failed");
  }

  private static String request(Random random) {
    String targets =
        switch (random.nextInt(4)) {
          case 0 -> "{\"type\": \"directory\", \"path\": \"\", \"recursive\": true}";
          case 1 -> "{\"type\": \"file\", \"path\": \"directory-0000/file-0000007.txt\"}";
          default ->
              "{\"type\": \"literal\", \"name\": \"b.txt\", \"content\": \"%s\"}"
                  .formatted("b".repeat(random.nextInt(20_000)));
        };
    return "{\"root\": \"%s\", \"targets\": [{\"type\": \"literal\", \"name\": \"a\", \"content\": \"%d\"}, %s]}"
        .formatted(random.nextBoolean() ? "linked" : "direct", random.nextInt(), targets);
  }

  private synchronized List<String> since(int from) {
    return List.copyOf(pages.subList(from, pages.size()));
  }

  private synchronized void acknowledge(String page) {
    digests.put(page, UNREAD);
    pages.add(page);
  }

  private synchronized String anyPage() {
    int size = pages.size();
    // Mostly the latest ones, which are not yet read.
    int from = ThreadLocalRandom.current().nextInt(4) == 0 ? 0 : Math.max(0, size - 20);
    return size == 0 ? null : pages.get(ThreadLocalRandom.current().nextInt(from, size));
  }

  private void compare(String page, Reply archive) {
    String digest = sha256(archive.bytes());
    String before = digests.put(page, digest);
    if (before != null && !before.equals(UNREAD) && !before.equals(digest)) {
      fault("other bytes: " + page);
    }
  }

  private synchronized void fault(String fault) {
    faults.add(fault);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
