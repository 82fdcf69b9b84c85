package org.lading.zip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lading.base.BulkInputStream;

/**
 * A stream of a byte range of an archive, which is made while it is read. The bytes before the
 * range are neither read nor written; only the members between the {@link MemberCatalog}'s nearest
 * point and the beginning of the range are iterated over. For one thread.
 */
public final class ArchiveStream extends BulkInputStream {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final MemberCatalog catalog;
  private final ZipRecordWriter records = new ZipRecordWriter();
  private final long to;

  /** The part that the next byte belongs to: the three of a member, then the directory. */
  private enum ArchivePart {
    PREFIX,
    CONTENT,
    SUFFIX,
    CENTRAL,
    END
  }

  private ArchivePart part;
  private ZipLayout layout;
  private Iterator<MemberContent> members;
  private @Nullable MemberContent currentMember;
  private long memberOffset;

  /** The offset in the archive of the next byte to be read. */
  private long position;

  /** The rest of the current record. */
  private ByteBuffer record = EMPTY;

  private @Nullable InputStream content;
  private long contentLeft;

  /** Makes a stream of the bytes {@code from} (inclusive) to {@code to} (exclusive). */
  public ArchiveStream(MemberCatalog catalog, long from, long to) {
    this.catalog = catalog;
    this.to = to;
    this.position = from;
    ZipLayout.Point end = catalog.end();
    if (from < end.offset()) {
      ZipLayout.Point start = catalog.before(from);
      this.layout = new ZipLayout(start);
      this.members = catalog.members(start, to);
      this.part = ArchivePart.SUFFIX;
    } else {
      ZipLayout.Point start = catalog.beforeCentral(Math.min(from, centralEnd(end)) - end.offset());
      this.layout = new ZipLayout(start);
      this.members = catalog.headers(start);
      this.part = ArchivePart.CENTRAL;
    }
  }

  /** Returns the length of the whole archive, in bytes. */
  public static long length(MemberCatalog catalog) {
    return new ZipLayout(catalog.end()).length();
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    int wanted = (int) Math.min(length, to - position);
    if (wanted <= 0) {
      return -1;
    }
    while (!record.hasRemaining() && contentLeft == 0) {
      next();
    }
    int read;
    if (record.hasRemaining()) {
      read = Math.min(wanted, record.remaining());
      record.get(buffer, start, read);
    } else {
      read = readContent(buffer, start, wanted);
    }
    position += read;
    return read;
  }

  @Override
  public void close() throws IOException {
    try {
      closeContent();
    } finally {
      catalog.close();
    }
  }

  private int readContent(byte[] buffer, int start, int wanted) throws IOException {
    int read = openContent().read(buffer, start, (int) Math.min(wanted, contentLeft));
    if (read < 0) {
      throw new EOFException(member().name() + " ended " + contentLeft + " bytes too early");
    }
    contentLeft -= read;
    if (contentLeft == 0) {
      closeContent();
    }
    return read;
  }

  private void closeContent() throws IOException {
    InputStream open = content;
    content = null;
    if (open != null) {
      open.close();
    }
  }

  /** Moves on to the next part that has bytes at or after {@link #position}. */
  private void next() throws IOException {
    switch (part) {
      case PREFIX -> beginContent();
      case CONTENT -> beginSuffix();
      case SUFFIX -> beginMember();
      case CENTRAL -> nextCentral();
      case END -> throw new EOFException("the archive ends before its length");
    }
  }

  private void beginMember() throws IOException {
    part = ArchivePart.PREFIX;
    while (members.hasNext()) {
      memberOffset = layout.point().offset();
      MemberContent candidate = members.next();
      currentMember = candidate;
      layout.add(member());
      if (layout.point().offset() > position) {
        if (layout.lastContent() > position) {
          records.local(member(), member().deferred() ? 0 : candidate.crc32());
          take(memberOffset);
        }
        return;
      }
    }
    layout = new ZipLayout();
    members = catalog.headers(ZipLayout.Point.START);
    part = ArchivePart.CENTRAL;
  }

  private void beginContent() throws IOException {
    part = ArchivePart.CONTENT;
    long skipped = position - layout.lastContent();
    long end = Math.min(member().size(), to - layout.lastContent());
    if (skipped < end) {
      content = Objects.requireNonNull(currentMember).open(skipped, end);
      contentLeft = end - skipped;
    }
  }

  private void beginSuffix() throws IOException {
    part = ArchivePart.SUFFIX;
    if (layout.point().offset() > position) {
      records.descriptor(member(), Objects.requireNonNull(currentMember).crc32());
      take(layout.lastContentEnd());
    }
  }

  private void nextCentral() throws IOException {
    ZipLayout.Point end = catalog.end();
    while (members.hasNext()) {
      ZipLayout.Point here = layout.point();
      MemberContent candidate = members.next();
      layout.add(candidate.member());
      if (end.offset() + layout.point().central() > position) {
        records.central(candidate.member(), here.offset(), candidate.crc32());
        take(end.offset() + here.central());
        return;
      }
    }
    part = ArchivePart.END;
    records.end(end.members(), end.offset(), end.central());
    take(centralEnd(end));
  }

  /**
   * Makes the record that was written, which begins at an offset in the archive, the current one,
   * from {@link #position} on.
   */
  private void take(long offset) {
    record = records.take();
    record.position((int) (position - offset));
  }

  private Member member() {
    return Objects.requireNonNull(currentMember).member();
  }

  private InputStream openContent() {
    return Objects.requireNonNull(content);
  }

  private static long centralEnd(ZipLayout.Point end) {
    return end.offset() + end.central();
  }
}
