package org.lading.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the settings file again and again, and tells when its content has changed and is the
 * same at the next look: an editor may be writing it. The content is compared, since files are
 * replaced in many ways, links to others among them.
 */
final class SettingsWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SettingsWatch.class);
  private static final Duration MAX_TIME_TO_STOP = Duration.ofSeconds(5);

  private final Path file;
  private final Consumer<byte[]> changed;
  private final Runnable tick;
  private final Duration pause;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "lading-settings");
  private final byte[] first;
  private byte[] taken;
  private byte[] seen;

  /**
   * Makes a watch over a file that has been read just now.
   *
   * @param changed takes the content when it has changed
   * @param tick is called at each look
   */
  SettingsWatch(Path file, Consumer<byte[]> changed, Runnable tick, Duration pause) {
    this.file = file;
    this.changed = changed;
    this.tick = tick;
    this.pause = pause;
    this.first = content();
    this.taken = first;
    this.seen = first;
    thread.setDaemon(true);
  }

  /** Returns the content that was there when the watch was made. */
  byte[] first() {
    return first;
  }

  /** Begins to look. */
  void begin() {
    thread.start();
  }

  private void run() {
    while (!isStoppedWithin(pause)) {
      try {
        look();
        tick.run();
      } catch (RuntimeException | Error e) {
        log.error("The watch over {} goes on after a failure", file, e);
      }
    }
  }

  private void look() {
    byte[] now = content();
    boolean isStable = Arrays.equals(now, seen);
    seen = now;
    if (isStable && !Arrays.equals(now, taken)) {
      taken = now;
      changed.accept(now);
    }
  }

  /** Returns the content, or what stands for a file that cannot be read: the reason. */
  private byte[] content() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return e.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  private boolean isStoppedWithin(Duration time) {
    try {
      return stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Looks no more; what has begun has some seconds to end. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(MAX_TIME_TO_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
