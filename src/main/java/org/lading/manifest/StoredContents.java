package org.lading.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The contents that Lading keeps itself, wherever they are: literals, in files or in the database,
 * and links. A literal stays where it was written when the setting changes.
 */
public final class StoredContents {
  /** The places where new literals are kept. */
  public enum Place {
    /** In files of the storage, which nginx reads: all nodes need the same one. */
    STORAGE,
    /** In the database, from which any node gives them to nginx. */
    DATABASE
  }

  private final StoredFiles files;
  private final LiteralStore literals;
  private final Place place;

  /**
   * Makes an object for all downloads.
   *
   * @param place where new literals are kept
   */
  public StoredContents(StoredFiles files, LiteralStore literals, Place place) {
    this.files = files;
    this.literals = literals;
    this.place = place;
  }

  /** Makes the writer of what one attempt at a download keeps, counted from 1; for one thread. */
  ContentWriter writer(String id, int attempt) {
    ContentWriter links = files.writer(id, attempt);
    return place == Place.STORAGE
        ? links
        : new DatabaseWriter(links, id, literals.writer(id, attempt));
  }

  /** Returns whether a download that is ready has literals in the database. */
  public boolean areInDatabase(String id) {
    return literals.hasLiterals(id);
  }

  /**
   * Opens bytes of a literal; the caller closes the stream.
   *
   * @param from the number of the first byte, from 0 on
   * @param to the number after the last byte; a file may go on after it
   */
  public InputStream open(Entry literal, long from, long to) throws IOException {
    String stored = literal.stored();
    if (stored == null) {
      throw new IllegalStateException("an entry without bytes: " + literal.name());
    }
    if (literal.isInDatabase()) {
      int id = Entry.DATABASE.length();
      int end = stored.indexOf('/', id);
      long begin = Long.parseLong(stored.substring(end + 1));
      return literals.open(stored.substring(id, end), begin + from, begin + to);
    }
    InputStream in = Files.newInputStream(files.path(stored));
    try {
      in.skipNBytes(from);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Writes the literals of one attempt into the database, and its links into the storage. */
  private static final class DatabaseWriter implements ContentWriter {
    private final ContentWriter links;
    private final String prefix;
    private final LiteralStore.Writer out;

    DatabaseWriter(ContentWriter links, String id, LiteralStore.Writer out) {
      this.links = links;
      this.prefix = Entry.DATABASE + id + '/';
      this.out = out;
    }

    @Override
    public String writeLink(Path target) {
      return links.writeLink(target);
    }

    @Override
    public String writeLiteral(LiteralWriter content, Instant modified) {
      String stored = prefix + out.begin();
      try {
        content.writeTo(out);
        return stored;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void removeLast(String stored) {
      out.forget(Long.parseLong(stored.substring(prefix.length())));
    }

    @Override
    public void finish() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
