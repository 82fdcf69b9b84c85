package org.lading.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Entry;

/** Reads the bytes of an entry; whatever fails names the root and the path, for the log. */
final class NamedFailureInputStream extends FilterInputStream {
  /** How Linux words that this process, or the machine, has too many files open. */
  private static final String NO_MORE_FILES = "Too many open files";

  private final Entry entry;

  NamedFailureInputStream(InputStream in, Entry entry) {
    super(in);
    this.entry = entry;
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException | RuntimeException e) {
      throw named(entry, e);
    }
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    try {
      return super.read(buffer, start, length);
    } catch (IOException | RuntimeException e) {
      throw named(entry, e);
    }
  }

  /**
   * Returns a failure that names the root and the path of an entry: {@code UNREADABLE} for a file
   * that a disk does not give. An interrupt or a close is thrown as it is, since it is no failure
   * of the source.
   */
  static RuntimeException named(Entry entry, Exception failure) throws IOException {
    if (failure instanceof InterruptedIOException || failure instanceof ClosedChannelException) {
      throw (IOException) failure;
    }
    Entry.Source source = entry.source();
    String place =
        source == null
            ? "the storage, " + PrintableText.of(entry.name())
            : "root " + source.root() + ", " + PrintableText.of(source.key());
    if (failure instanceof LadingException known) {
      return known.ofSource(place, entry.name());
    }
    if (failure instanceof IOException
        && !String.valueOf(failure.getMessage()).contains(NO_MORE_FILES)) {
      String sentence = "The file '%s' cannot be read".formatted(PrintableText.of(entry.name()));
      return new LadingException(ErrorCode.UNREADABLE, sentence, failure)
          .ofSource(place, entry.name());
    }
    return new IllegalStateException(place + ": " + failure.getMessage(), failure);
  }
}
