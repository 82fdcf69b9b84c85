package org.lading.zip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lading.base.BlockInputStream;

/**
 * A byte range of an archive, made while it is read. What lies before the range is neither read nor
 * made, except for at most the records between the {@link MemberCatalog}'s nearest point and its
 * beginning. For one thread.
 */
public final class ArchiveStream extends BlockInputStream {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final MemberCatalog catalog;
  private final RecordWriter records = new RecordWriter();
  private final long to;

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
  private @Nullable MemberContent current;
  private long memberOffset;

  /**
   * Where the next byte of the current part lies in the archive; at or before the range at first.
   */
  private long position;

  private ByteBuffer bytes = NOTHING;
  private @Nullable InputStream input;
  private long inputLeft;

  /** Bytes {@code from} (inclusive) to {@code to} (exclusive) of the archive. */
  public ArchiveStream(MemberCatalog catalog, long from, long to) {
    this.catalog = catalog;
    this.to = to;
    this.position = from;
    ZipLayout.Point end = catalog.end();
    if (from < end.offset()) {
      ZipLayout.Point near = catalog.before(from);
      this.layout = new ZipLayout(near);
      this.members = catalog.members(near, to);
      this.part = ArchivePart.SUFFIX;
    } else {
      ZipLayout.Point near = catalog.beforeCentral(Math.min(from, centralEnd(end)) - end.offset());
      this.layout = new ZipLayout(near);
      this.members = catalog.headers(near);
      this.part = ArchivePart.CENTRAL;
    }
  }

  /** The length of the whole archive, in bytes. */
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
    while (!bytes.hasRemaining() && inputLeft == 0) {
      next();
    }
    int read;
    if (bytes.hasRemaining()) {
      read = Math.min(wanted, bytes.remaining());
      bytes.get(buffer, start, read);
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
    int read = opened().read(buffer, start, (int) Math.min(wanted, inputLeft));
    if (read < 0) {
      throw new EOFException(member().name() + " ended " + inputLeft + " bytes too early");
    }
    inputLeft -= read;
    if (inputLeft == 0) {
      closeContent();
    }
    return read;
  }

  private void closeContent() throws IOException {
    InputStream open = input;
    input = null;
    if (open != null) {
      open.close();
    }
  }

  /** Moves on to the next part that has bytes at {@link #position} or behind it. */
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
      current = candidate;
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
      input = Objects.requireNonNull(current).open(skipped, end);
      inputLeft = end - skipped;
    }
  }

  private void beginSuffix() throws IOException {
    part = ArchivePart.SUFFIX;
    if (layout.point().offset() > position) {
      records.descriptor(member(), Objects.requireNonNull(current).crc32());
      take(layout.lastEnd());
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

  /** Takes what was written, which begins at the given offset, from {@link #position} on. */
  private void take(long offset) {
    bytes = records.take();
    bytes.position((int) (position - offset));
  }

  private Member member() {
    return Objects.requireNonNull(current).member();
  }

  private InputStream opened() {
    return Objects.requireNonNull(input);
  }

  private static long centralEnd(ZipLayout.Point end) {
    return end.offset() + end.central();
  }
}
