package org.lading.usage;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes deliveries of replies: those of one download to one client (address and user agent), each
 * of which begins within 30 minutes after the end of those before it, are one delivery until all
 * bytes of the archive are there. So a resumed transfer is one, as are ranges that are fetched side
 * by side; a whole archive that is fetched again is another one.
 */
final class DeliveryMerger {
  private static final long MAX_PAUSE_MILLIS = Duration.ofMinutes(30).toMillis();

  /**
   * The maximum number of separate ranges that a delivery remembers, so that a client that asks for
   * every other byte takes no more than some megabytes. The bytes of others are counted.
   */
  private static final int MAX_RANGES = 50_000;

  /** How a reply ended of which all bytes were sent. */
  private static final String COMPLETE = "complete";

  /** Why a delivery is not complete whose last reply is: the client asked for no more. */
  private static final String PART = "part";

  private @Nullable Merged open;

  /**
   * A reply with bytes of an archive. All replies of a delivery are alike in the first four.
   *
   * @param download the download, as the log shortens its id
   * @param address the client's address
   * @param agent the number of its user agent
   * @param assembler what made the archive
   * @param began when it began, in milliseconds since 1970
   * @param ended when it ended
   * @param first the place of its first byte in the archive, or -1 if it is not known
   * @param bytes the number of its bytes
   * @param length the length of the archive, or -1 if it is not known
   * @param isComplete whether all bytes that it announced were sent
   * @param reason why it ended
   */
  record Reply(
      String download,
      String address,
      long agent,
      String assembler,
      long began,
      long ended,
      long first,
      long bytes,
      long length,
      boolean isComplete,
      String reason) {
    private boolean belongsWith(Reply other) {
      return download.equals(other.download)
          && address.equals(other.address)
          && agent == other.agent
          && assembler.equals(other.assembler);
    }
  }

  /**
   * Adds a reply: those alike follow one another, and among these those that ended earlier come
   * before. Returns the delivery that ended before this one, or null.
   */
  @Nullable Merged add(Reply reply) {
    Merged current = open;
    Merged finished = null;
    if (current == null || !current.takes(reply)) {
      finished = current;
      current = new Merged(reply);
      open = current;
    }
    current.add(reply);
    return finished;
  }

  /** Returns the last delivery, or null if there was no reply. */
  @Nullable Merged finish() {
    Merged last = open;
    open = null;
    return last;
  }

  /** Replies that are one delivery. */
  static final class Merged {
    private final Reply one;

    /** What was delivered: the end of each range, without it, by its beginning. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    private long began;
    private long ended;
    private long bytes;
    private long replies;
    private long length = -1;
    private boolean isWhole;
    private String reason = "";

    Merged(Reply one) {
      this.one = one;
      this.began = one.began;
      this.ended = one.ended;
    }

    private boolean takes(Reply reply) {
      return one.belongsWith(reply) && !isWhole && reply.began - ended <= MAX_PAUSE_MILLIS;
    }

    private void add(Reply reply) {
      began = Math.min(began, reply.began);
      ended = Math.max(ended, reply.ended);
      bytes += reply.bytes;
      replies++;
      length = Math.max(length, reply.length);
      reason = reply.reason;
      if (reply.first >= 0) {
        cover(reply.first, reply.first + reply.bytes);
      }
      isWhole = length < 0 ? reply.isComplete && reply.first == 0 : covers(0, length);
    }

    private void cover(long from, long to) {
      if (from >= to) {
        return;
      }
      long begin = from;
      long end = to;
      Map.Entry<Long, Long> before = ranges.floorEntry(to);
      while (before != null && before.getValue() >= begin) {
        begin = Math.min(begin, before.getKey());
        end = Math.max(end, before.getValue());
        ranges.remove(before.getKey());
        before = ranges.floorEntry(to);
      }
      if (ranges.size() < MAX_RANGES) {
        ranges.put(begin, end);
      }
    }

    /** Returns whether all bytes from one place to another, without that, were delivered. */
    boolean covers(long from, long to) {
      Map.Entry<Long, Long> range = ranges.floorEntry(from);
      return range != null && range.getValue() >= to;
    }

    /** Returns one of its replies. */
    Reply one() {
      return one;
    }

    /** Returns when it began, in milliseconds since 1970. */
    long began() {
      return began;
    }

    /** Returns when it ended. */
    long ended() {
      return ended;
    }

    /** Returns the number of bytes that were sent, those that were sent twice counted twice. */
    long bytes() {
      return bytes;
    }

    /** Returns the number of its replies. */
    long replies() {
      return replies;
    }

    /** Returns whether all bytes of the archive were delivered. */
    boolean isWhole() {
      return isWhole;
    }

    /** Returns how its last reply ended. */
    String reason() {
      if (isWhole) {
        return COMPLETE;
      }
      return reason.equals(COMPLETE) ? PART : reason;
    }
  }
}
