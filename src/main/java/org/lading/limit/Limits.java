package org.lading.limit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Pause;

/**
 * Counts what clients ask for against their limits, on all nodes together, and what addresses ask
 * for that name no client, on this node.
 *
 * <p>A client that was refused is refused again without a question to the database until its quota
 * has grown: so one that asks far too often costs the others nothing there.
 */
public final class Limits {
  private static final Duration DAY = Duration.ofDays(1);

  private final LimitSettings settings;
  private final LimitStore clients;
  private final LimitStore addresses;
  private final Set<String> nameless;
  private final Clock clock;

  /**
   * When the quota of a client grows that was refused here, in microseconds since 1970. Only
   * clients of the settings are in it.
   */
  private final ConcurrentMap<String, Long> refusedUntil = new ConcurrentHashMap<>();

  /** One who is counted: where, under which name, and what it may have. Compared by identity. */
  private static final class Counted {
    private final LimitStore store;
    private final String name;
    private final String subject;
    private final ClientLimits limits;

    Counted(LimitStore store, String name, String subject, ClientLimits limits) {
      this.store = store;
      this.name = name;
      this.subject = subject;
      this.limits = limits;
    }
  }

  /**
   * Makes an object that counts clients in one store and addresses in another.
   *
   * @param nameless the names of the clients of requests that name none
   */
  public Limits(
      LimitSettings settings,
      LimitStore clients,
      LimitStore addresses,
      Set<String> nameless,
      Clock clock) {
    this.settings = settings;
    this.clients = clients;
    this.addresses = addresses;
    this.nameless = Set.copyOf(nameless);
    this.clock = clock;
  }

  /** Returns the limits of a caller. */
  public ClientLimits of(Caller caller) {
    return counted(caller).limits;
  }

  /** Returns the limits of clients of which the settings say nothing. */
  public ClientLimits usual() {
    return settings.usual();
  }

  /** Returns the limits of each address that names no client. */
  public ClientLimits ofAddresses() {
    return settings.address();
  }

  /** Returns the number of downloads of a client that may be prepared or wait for that. */
  public int maxPreparations(String client) {
    long most =
        nameless.contains(client) ? ClientLimits.NONE : settings.of(client).preparationsAtOnce();
    return (int) Math.min(most, Integer.MAX_VALUE);
  }

  /**
   * Counts a create.
   *
   * @return the state of the quota afterwards; nothing if there is no limit
   * @throws LadingException {@code TOO_MANY_REQUESTS} if nothing is left
   */
  public List<Allowance> takeCreate(Caller caller) {
    Counted counted = counted(caller);
    if (counted.limits.createsPerMinute() == ClientLimits.NONE) {
      return List.of();
    }
    Rate rate = Rate.perMinute(counted.limits.createsPerMinute());
    Instant time = clock.instant();
    long now = Rate.micros(time);
    boolean isClient = counted.store == clients;
    long known = isClient ? refusedUntil.getOrDefault(counted.name, 0L) : 0;
    if (known > now && known <= rate.latest(now)) {
      throw tooMany(counted, rate, known + rate.whole() - rate.part(), time);
    }
    long full = counted.store.takeCreate(counted.name, rate, now);
    if (full != Rate.REFUSED) {
      return List.of(creates(rate, full, now));
    }
    long stored = counted.store.creates(counted.name);
    if (isClient) {
      refusedUntil.put(counted.name, now + rate.untilNext(stored, now));
    }
    throw tooMany(counted, rate, stored, time);
  }

  /**
   * Throws {@code QUOTA_EXCEEDED} if a caller has had the bytes of the day: for a delivery that is
   * to wait before its bytes are counted.
   */
  public void requireBytes(Caller caller) {
    Counted counted = counted(caller);
    long most = counted.limits.bytesPerDay();
    Instant time = clock.instant();
    if (most != ClientLimits.NONE && counted.store.bytes(counted.name, day(time)) >= most) {
      throw usedUp(counted, time);
    }
  }

  /**
   * Counts the bytes of a delivery that begins. It is begun if any are left, and is not ended when
   * they are used up.
   *
   * @return takes the number of bytes back that were not sent
   * @throws LadingException {@code QUOTA_EXCEEDED} if nothing is left
   */
  public LongConsumer takeBytes(Caller caller, long bytes) {
    Counted counted = counted(caller);
    long most = counted.limits.bytesPerDay();
    if (most == ClientLimits.NONE || bytes == 0) {
      return unsent -> {};
    }
    Instant time = clock.instant();
    long day = day(time);
    // Asked first: whoever is refused again and again makes no other wait that writes.
    if (counted.store.bytes(counted.name, day) >= most
        || !counted.store.takeBytes(counted.name, day, bytes, most)) {
      throw usedUp(counted, time);
    }
    return unsent -> {
      if (unsent > 0) {
        counted.store.giveBack(counted.name, day, unsent);
      }
    };
  }

  /** Returns the state of the quotas of a caller. */
  public List<Allowance> state(Caller caller) {
    Counted counted = counted(caller);
    List<Allowance> state = new ArrayList<>();
    Instant time = clock.instant();
    if (counted.limits.createsPerMinute() != ClientLimits.NONE) {
      Rate rate = Rate.perMinute(counted.limits.createsPerMinute());
      state.add(creates(rate, counted.store.creates(counted.name), Rate.micros(time)));
    }
    if (counted.limits.bytesPerDay() != ClientLimits.NONE) {
      state.add(bytes(counted, counted.store.bytes(counted.name, day(time)), time));
    }
    return state;
  }

  private Counted counted(Caller caller) {
    if (!nameless.contains(caller.client())) {
      String name = caller.client();
      return new Counted(clients, name, "The client " + name, settings.of(name));
    }
    String block = caller.block();
    return new Counted(addresses, block, "The address " + block, settings.address());
  }

  private static Allowance creates(Rate rate, long full, long now) {
    return new Allowance(
        "creates",
        Allowance.Unit.REQUESTS,
        rate.quota(),
        rate.window().toSeconds(),
        rate.remaining(full, now),
        seconds(rate.untilFull(full, now)));
  }

  private static Allowance bytes(Counted counted, long used, Instant time) {
    long most = counted.limits.bytesPerDay();
    return new Allowance(
        "bytes",
        Allowance.Unit.BYTES,
        most,
        DAY.toSeconds(),
        Math.max(0, most - used),
        secondsUntil(nextDay(time), time));
  }

  private static LadingException tooMany(Counted counted, Rate rate, long full, Instant time) {
    long now = Rate.micros(time);
    long micros = Math.max(1, rate.untilNext(full, now));
    return LadingException.pausing(
        ErrorCode.TOO_MANY_REQUESTS,
        "%s may create %d downloads a minute, and has asked for more"
            .formatted(counted.subject, rate.quota()),
        Pause.of(
            time.plus(Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros))),
            seconds(micros),
            Allowance.fields(List.of(creates(rate, full, now)))));
  }

  private static LadingException usedUp(Counted counted, Instant time) {
    long most = counted.limits.bytesPerDay();
    Instant next = nextDay(time);
    return LadingException.pausing(
        ErrorCode.QUOTA_EXCEEDED,
        "%s has had its %d bytes of archives of this day".formatted(counted.subject, most),
        Pause.of(
            next, secondsUntil(next, time), Allowance.fields(List.of(bytes(counted, most, time)))));
  }

  private static long day(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), DAY.toSeconds());
  }

  private static Instant nextDay(Instant time) {
    return Instant.ofEpochSecond((day(time) + 1) * DAY.toSeconds());
  }

  private static long secondsUntil(Instant later, Instant time) {
    return later.getEpochSecond() - time.getEpochSecond();
  }

  private static long seconds(long micros) {
    return -Math.floorDiv(-micros, TimeUnit.SECONDS.toMicros(1));
  }
}
