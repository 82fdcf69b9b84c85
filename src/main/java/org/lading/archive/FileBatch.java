package org.lading.archive;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small files of one root that one thread reads together, while another thread sends: handing over
 * each file by itself would take longer than reading it.
 */
final class FileBatch {
  private static final Logger log = LoggerFactory.getLogger(FileBatch.class);

  private final PrefetchBudget.Reading<byte[][]> reading;
  private int filesLeft;

  private FileBatch(PrefetchBudget.Reading<byte[][]> reading, int count) {
    this.reading = reading;
    this.filesLeft = count;
  }

  /** Begins to read the given files, at least one, if the budget has enough free bytes. */
  static void begin(List<SmallFileContent> contents, ArchiveParts parts) {
    int size = contents.stream().mapToInt(content -> (int) content.entry.size()).sum();
    PrefetchBudget.Reading<byte[][]> reading =
        parts
            .budget()
            .begin(
                size,
                () ->
                    parts.reader().read(contents.stream().map(content -> content.entry).toList()));
    if (reading != null) {
      FileBatch batch = new FileBatch(reading, contents.size());
      for (int i = 0; i < contents.size(); i++) {
        contents.get(i).setBatch(batch, i);
      }
    }
  }

  /** Waits for the bytes of a file, given its position in the batch; null if reading failed. */
  byte @Nullable [] await(int position) {
    try {
      return reading.await()[position];
    } catch (IOException | LadingException e) {
      if (e instanceof LadingException failure && failure.code() == ErrorCode.STORAGE_UNAVAILABLE) {
        // To read each file by itself would wait for the same root once more.
        throw failure;
      }
      // Each file is then read by itself, which tells the file at fault.
      log.debug("{}files could not be read together", LogContext.prefix(), e);
      return null;
    }
  }

  /** Releases one file; with the last one, the reservation ends. */
  void releaseFile() {
    filesLeft--;
    if (filesLeft == 0) {
      reading.release();
    }
  }
}
