package org.lading.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines about what happened, on a thread of its own: neither a slow disk nor a full one
 * delays or fails what the lines are about. Lines that cannot be written, or come faster than they
 * can be written, are lost; their number is counted, and is the next line.
 */
public final class AuditLog implements AutoCloseable {
  /** The name of the logger that gets the lines if no file is set. */
  public static final String LOGGER = "lading.audit";

  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
  private static final Logger audit = LoggerFactory.getLogger(LOGGER);

  /** The maximum number of happenings that wait to be written: some megabytes of heap. */
  private static final int MAX_WAITING = 10_000;

  /** The number of characters of lines that are written together, if there are as many. */
  private static final int MAX_BATCH_CHARS = 64 * 1024;

  private static final Duration MAX_TIME_TO_CLOSE = Duration.ofSeconds(2);
  private static final Duration POLL_PAUSE = Duration.ofMillis(500);

  private final AuditSettings settings;
  private final Clock clock;
  private final @Nullable AuditFile file;
  private final BlockingQueue<Consumer<Sink>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong lostInAll = new AtomicLong();
  private final Thread writer;
  private final StringBuilder batch = new StringBuilder();
  private boolean isFailing;
  private volatile boolean isClosing;

  /** Takes the lines of one happening. */
  final class Sink {
    private Sink() {}

    /** Takes a line, without a break at its end. */
    void accept(AuditLine line) {
      put(line.end());
    }

    /** Returns whether the log is about to close, so that a long happening had better end. */
    boolean isClosing() {
      return isClosing;
    }
  }

  private AuditLog(AuditSettings settings, @Nullable AuditFile file, Clock clock) {
    this.settings = settings;
    this.file = file;
    this.clock = clock;
    this.writer = new Thread(this::run, "lading-audit");
    writer.setDaemon(true);
  }

  /**
   * Opens the log.
   *
   * @throws IOException if the file of the settings cannot be written
   */
  public static AuditLog open(AuditSettings settings, Clock clock) throws IOException {
    Path path = settings.file();
    AuditFile file = path == null ? null : new AuditFile(path);
    if (file != null) {
      file.open();
    }
    AuditLog opened = new AuditLog(settings, file, clock);
    opened.writer.start();
    return opened;
  }

  /** Returns the settings. */
  AuditSettings settings() {
    return settings;
  }

  /** Returns whether lines are written anywhere. */
  boolean isOn() {
    return file != null || audit.isInfoEnabled();
  }

  /** Takes a happening, whose lines are made later, on the thread that writes. */
  void add(Consumer<Sink> happening) {
    if (isOn() && !waiting.offer(happening)) {
      lose(1);
    }
  }

  /** Returns how many lines were lost since the log was opened. */
  public long lost() {
    return lostInAll.get();
  }

  private void lose(long lines) {
    lost.addAndGet(lines);
    lostInAll.addAndGet(lines);
  }

  private void run() {
    Sink sink = new Sink();
    try {
      while (true) {
        Consumer<Sink> next = waiting.poll(POLL_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
          if (isClosing) {
            return;
          }
        } else {
          take(next, sink);
        }
        if (waiting.isEmpty()) {
          flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeFile();
    }
  }

  private void take(Consumer<Sink> happening, Sink sink) {
    try {
      happening.accept(sink);
    } catch (RuntimeException e) {
      lose(1);
      log.warn("Lines of the audit log are missing: {}", e.toString());
      log.debug("What made no lines", e);
    }
  }

  private void put(String line) {
    if (file == null) {
      tellLost(audit::info);
      audit.info(line);
      return;
    }
    tellLost(this::append);
    append(line);
    if (batch.length() >= MAX_BATCH_CHARS) {
      flush();
    }
  }

  private void append(String line) {
    batch.append(line).append('\n');
  }

  private void tellLost(Consumer<String> lines) {
    long count = isFailing ? 0 : lost.getAndSet(0);
    if (count > 0) {
      lines.accept(
          new AuditLine(clock.instant(), "lost", settings.leftOut()).number("count", count).end());
    }
  }

  private void flush() {
    if (file == null || batch.isEmpty()) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(batch.toString().getBytes(StandardCharsets.UTF_8));
    batch.setLength(0);
    try {
      file.append(bytes);
      if (isFailing) {
        isFailing = false;
        log.info("The audit log {} is written again", settings.file());
      }
    } catch (IOException e) {
      lose(lines(bytes));
      if (!isFailing) {
        isFailing = true;
        log.error(
            "The audit log {} cannot be written, lines are lost: {}",
            settings.file(),
            e.toString());
      }
    }
  }

  /** Returns how many lines end in the rest of a buffer. */
  private static long lines(ByteBuffer rest) {
    long lines = 0;
    for (int i = rest.position(); i < rest.limit(); i++) {
      lines += rest.get(i) == '\n' ? 1 : 0;
    }
    return lines;
  }

  private void closeFile() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Writes what waits, for at most two seconds. */
  @Override
  public void close() {
    isClosing = true;
    boolean unusedIsWoken = waiting.offer(sink -> {});
    try {
      writer.join(MAX_TIME_TO_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writer.interrupt();
  }
}
