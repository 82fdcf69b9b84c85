package org.lading.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;

/** Writes what entries of one request need beside their sources: literals and links. */
interface ContentWriter {
  /** Writes nothing, and returns empty paths. */
  ContentWriter NOTHING =
      new ContentWriter() {
        @Override
        public String writeLink(Path target) {
          return "";
        }

        @Override
        public String writeLiteral(LiteralWriter content, Instant modified) {
          try {
            content.writeTo(OutputStream.nullOutputStream());
            return "";
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }

        @Override
        public void removeLast(String stored) {}
      };

  /** Writes a link to a file, and returns its {@link Entry#stored()}. */
  String writeLink(Path target);

  /**
   * Writes a literal with a modification time, which nginx shows as a part of its tag, and returns
   * its {@link Entry#stored()}.
   */
  String writeLiteral(LiteralWriter content, Instant modified);

  /** Removes the literal that was written last. */
  void removeLast(String stored);

  /** Writes what is not yet written; to be called after the last literal. */
  default void finish() {}

  /** Writes the bytes of a literal, which may be more than the memory holds. */
  @FunctionalInterface
  interface LiteralWriter {
    /** Writes all bytes to a stream, which stays open. */
    void writeTo(OutputStream out) throws IOException;
  }
}
