package org.lading.limit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts what addresses use, in the memory of this node. Of a million addresses that come, it knows
 * the last {@value #MAX_ADDRESSES}, with about 150 bytes each. One that asks again and again stays
 * among them, whatever number of others come meanwhile, unless all of these come between two of its
 * requests.
 */
public final class AddressUse implements LimitStore {
  /** The maximum number of addresses. */
  static final int MAX_ADDRESSES = 50_000;

  private final Map<String, Use> uses = new LastUsed();

  /** What one address has used. */
  private static final class Use {
    private long createsFullAt;
    private long day;
    private long bytes;
  }

  /** Forgets the one that was not used for longest. */
  private static final class LastUsed extends LinkedHashMap<String, Use> {
    private static final long serialVersionUID = 1L;

    LastUsed() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Use> eldest) {
      return size() > MAX_ADDRESSES;
    }
  }

  /** Makes an object that knows no address. */
  public AddressUse() {}

  @Override
  public synchronized long takeCreate(String who, Rate rate, long now) {
    Use use = use(who);
    long full = rate.taken(use.createsFullAt, now);
    if (full != Rate.REFUSED) {
      use.createsFullAt = full;
    }
    return full;
  }

  @Override
  public synchronized long creates(String who) {
    Use use = uses.get(who);
    return use == null ? 0 : use.createsFullAt;
  }

  @Override
  public synchronized boolean takeBytes(String who, long day, long bytes, long most) {
    Use use = use(who);
    if (use.day < day) {
      use.day = day;
      use.bytes = 0;
    } else if (use.bytes >= most) {
      return false;
    }
    use.bytes += bytes;
    return true;
  }

  @Override
  public synchronized void giveBack(String who, long day, long bytes) {
    Use use = uses.get(who);
    if (use != null && use.day == day && use.bytes >= bytes) {
      use.bytes -= bytes;
    }
  }

  @Override
  public synchronized long bytes(String who, long day) {
    Use use = uses.get(who);
    return use == null || use.day < day ? 0 : use.bytes;
  }

  /** Returns the number of addresses that are known. */
  public synchronized int size() {
    return uses.size();
  }

  private Use use(String who) {
    return uses.computeIfAbsent(who, unknown -> new Use());
  }
}
