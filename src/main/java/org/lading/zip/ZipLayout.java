package org.lading.zip;

/**
 * Computes the offsets in an archive whose members are added one after another. It holds a few
 * numbers, however many members there are.
 */
public final class ZipLayout {
  private final ZipRecordWriter records = new ZipRecordWriter();
  private long members;
  private long offset;
  private long centralOffset;

  // Of the last member; kept because measuring its records again takes time.
  private long lastOffset;
  private int lastPrefix;
  private int lastSuffix;

  /**
   * A point between two members, from which another layout can continue.
   *
   * @param members the number of members before it
   * @param offset the offset of the next local header, in bytes from the beginning of the archive
   * @param central the offset of the next central header, in bytes from the beginning of the
   *     central directory
   */
  public record Point(long members, long offset, long central) {
    /** The point before the first member. */
    public static final Point START = new Point(0, 0, 0);
  }

  /** Makes the layout of an archive without members. */
  public ZipLayout() {
    this(Point.START);
  }

  /** Makes a layout that continues at a point of another one. */
  public ZipLayout(Point from) {
    this.members = from.members();
    this.offset = from.offset();
    this.centralOffset = from.central();
  }

  /** Adds the next member. */
  public void add(Member member) {
    lastOffset = offset;
    lastPrefix = prefixLength(member);
    lastSuffix = suffixLength(member);
    centralOffset += centralLength(member, offset);
    offset += lastPrefix + member.size() + lastSuffix;
    members++;
  }

  /** Returns the offset of the last member's content. */
  public long lastContent() {
    return lastOffset + lastPrefix;
  }

  /** Returns the offset of the end of the last member's content. */
  long lastContentEnd() {
    return offset - lastSuffix;
  }

  /** Returns the point after the last member. */
  public Point point() {
    return new Point(members, offset, centralOffset);
  }

  /** Returns the length of the archive without any further member, in bytes. */
  public long length() {
    return offset + centralOffset + endLength();
  }

  /** Returns the number of bytes before a member's content. */
  int prefixLength(Member member) {
    records.local(member, 0);
    return records.take().remaining();
  }

  /** Returns the number of bytes after a member's content. */
  int suffixLength(Member member) {
    records.descriptor(member, 0);
    return records.take().remaining();
  }

  /** Returns the number of bytes of a member's header in the central directory. */
  int centralLength(Member member, long localOffset) {
    records.central(member, localOffset, 0);
    return records.take().remaining();
  }

  /** Returns the number of bytes after the central directory. */
  int endLength() {
    records.end(members, offset, centralOffset);
    return records.take().remaining();
  }
}
