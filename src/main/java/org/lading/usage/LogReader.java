package org.lading.usage;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/**
 * Reads logs line by line. What is not a line of an audit log is counted and passed over, since a
 * process that was killed leaves half a line, and some logs have others beside them.
 */
final class LogReader {
  /** The maximum number of lines that are named each. */
  private static final int MAX_NAMED = 5;

  /** The maximum length of a line in characters; those that are written are far shorter. */
  private static final int MAX_LINE = 1 << 20;

  /** The event that tells how many others could not be written. */
  private static final String LOST = "lost";

  private static final int MAGIC_BYTES = 2;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final PrintStream err;
  private long others;
  private long lost;

  /** Makes a reader that tells of wrong lines. */
  LogReader(PrintStream err) {
    this.err = err;
  }

  /** Reads a file, or the standard input; hands on each line. */
  void read(String file, Consumer<AuditLine> lines) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(inflated(open(file)), StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = line(reader); line != null; line = line(reader)) {
        number++;
        try {
          AuditLine parsed = AuditLine.parse(line);
          if (LOST.equals(parsed.text("event"))) {
            lost += Objects.requireNonNullElse(parsed.number("count"), 0L);
          } else {
            lines.accept(parsed);
          }
        } catch (IllegalArgumentException e) {
          passOver(file, number, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /** Says how many lines were passed over, and how many events are missing, if any are. */
  void summarize() {
    if (others > 0) {
      err.println(others + " lines were passed over: they are none of an audit log");
    }
    if (lost > 0) {
      err.println(lost + " events are missing: they could not be written");
    }
  }

  private void passOver(String file, long number, String reason) {
    others++;
    if (others <= MAX_NAMED) {
      err.println(file + ", line " + number + ": " + PrintableText.of(reason));
    }
  }

  private static InputStream open(String file) throws IOException {
    return "-".equals(file) ? System.in : Files.newInputStream(Path.of(file));
  }

  private static InputStream inflated(InputStream file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(file, 1 << 16);
    in.mark(MAGIC_BYTES);
    int magic = in.read() << 8 | in.read();
    in.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
  }

  /** Returns the next line without its end, cut to the maximum length, or null at the end. */
  private static @Nullable String line(BufferedReader reader) throws IOException {
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    StringBuilder line = new StringBuilder(512);
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() < MAX_LINE) {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
