package org.lading.zip;

/**
 * Where everything lies in an archive of members that are added one after another. Holds a few
 * numbers, however many members there are.
 */
public final class ZipLayout {
  private final RecordWriter records = new RecordWriter();
  private long members;
  private long offset;
  private long central;

  // Kept from adding it: to write its records once more takes time.
  private long lastOffset;
  private int lastPrefix;
  private int lastSuffix;

  /**
   * A place between two members, from which the layout can be taken up again.
   *
   * @param members how many members lie before it
   * @param offset of the next local header, in bytes from the beginning of the archive
   * @param central of the next central header, in bytes from the beginning of the central directory
   */
  public record Point(long members, long offset, long central) {
    /** The beginning of every archive. */
    public static final Point START = new Point(0, 0, 0);
  }

  /** The layout of an archive from its beginning. */
  public ZipLayout() {
    this(Point.START);
  }

  /** The layout of an archive from a point that another one was at. */
  public ZipLayout(Point from) {
    this.members = from.members();
    this.offset = from.offset();
    this.central = from.central();
  }

  /** Adds the next member. */
  public void add(Member member) {
    lastOffset = offset;
    lastPrefix = prefixLength(member);
    lastSuffix = suffixLength(member);
    central += centralLength(member, offset);
    offset += lastPrefix + member.size() + lastSuffix;
    members++;
  }

  /** Where the last member's content begins, in bytes from the beginning of the archive. */
  long lastContent() {
    return lastOffset + lastPrefix;
  }

  /** Where what follows the last member's content begins, in bytes from the same. */
  long lastEnd() {
    return offset - lastSuffix;
  }

  /** Where the layout is. */
  public Point point() {
    return new Point(members, offset, central);
  }

  /** The length of the archive if no member follows, in bytes. */
  public long length() {
    return offset + central + endLength();
  }

  /** Bytes before a member's content. */
  int prefixLength(Member member) {
    records.local(member, 0);
    return records.take().remaining();
  }

  /** Bytes behind a member's content. */
  int suffixLength(Member member) {
    records.descriptor(member, 0);
    return records.take().remaining();
  }

  /** Bytes of a member's header in the central directory. */
  int centralLength(Member member, long localOffset) {
    records.central(member, localOffset, 0);
    return records.take().remaining();
  }

  /** Bytes behind the central directory. */
  int endLength() {
    records.end(members, offset, central);
    return records.take().remaining();
  }
}
