package org.lading.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of stores of limits, kept by the memory of a node, and what bounds that. */
class AddressUseTest extends LimitStoreContract {
  private static final int ADDRESSES = Integer.getInteger("addresses", 200_000);
  private static final long BEGIN = TimeUnit.DAYS.toMicros(20_000);

  private final AddressUse use = new AddressUse();

  @Override
  protected LimitStore store() {
    return use;
  }

  /** {@code -Daddresses=1000000} has more of them. */
  @Test
  void anyNumberOfAddresses_takesNoMoreRoom_andTheOneThatAsksOnStaysLimited() {
    Rate rate = Rate.perMinute(1);
    assertThat(use.takeCreate("busy", rate, BEGIN)).isNotEqualTo(Rate.REFUSED);
    for (int i = 0; i < ADDRESSES; i++) {
      use.takeCreate("10." + i, rate, BEGIN);
      if (i % 10_000 == 0) {
        assertThat(use.takeCreate("busy", rate, BEGIN)).isEqualTo(Rate.REFUSED);
      }
    }
    assertThat(use.size()).isEqualTo(AddressUse.MAX_ADDRESSES);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
    "2001:DB8:1:2::9, 2001:db8:1:2::/64",
    "::1, ::/64",
    "unknown, unknown"
  })
  void addressesOfOneNetwork_areOne(String address, String block) {
    assertThat(new Caller("public", address).block()).isEqualTo(block);
  }
}
