package org.lading.archive;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small files of one root that are read at once, on another thread than the one that sends them:
 * handing over each for itself would take longer than reading it.
 */
final class FileBatch {
  private static final Logger log = LoggerFactory.getLogger(FileBatch.class);

  private final PrefetchBudget.Reading<byte[][]> reading;

  private int left;

  private FileBatch(PrefetchBudget.Reading<byte[][]> reading, int count) {
    this.reading = reading;
    this.left = count;
  }

  /** Begins to read them, if there is room; they are at least one. */
  static void begin(List<SmallFileContent> contents, EntryReader source, PrefetchBudget readAhead) {
    int size = contents.stream().mapToInt(content -> (int) content.entry.size()).sum();
    PrefetchBudget.Reading<byte[][]> reading =
        readAhead.begin(
            size, () -> source.read(contents.stream().map(content -> content.entry).toList()));
    if (reading != null) {
      FileBatch together = new FileBatch(reading, contents.size());
      for (int i = 0; i < contents.size(); i++) {
        contents.get(i).begin(together, i);
      }
    }
  }

  /** The bytes of one of them, by its place in the list; null if that failed. */
  byte @Nullable [] await(int place) {
    try {
      return reading.await()[place];
    } catch (IOException | LadingException e) {
      // Each is then read alone, which tells what is the matter, and with which.
      log.debug("{}files could not be read together", LogContext.inFront(), e);
      return null;
    }
  }

  /** One of them is not needed any more. */
  void endOne() {
    left--;
    if (left == 0) {
      reading.end();
    }
  }
}
