package org.lading.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.0.2.128/25, 192.0.2.200, true",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 203.0.113.1, true",
    "0.0.0.0/0, ::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::ffff:192.0.2.1, 192.0.2.1, true",
  })
  void block_containsItsAddresses(String block, String address, boolean isIn) {
    assertThat(
            Objects.requireNonNull(AddressBlock.parse(block))
                .contains(Objects.requireNonNull(IpAddresses.parse(address))))
        .isEqualTo(isIn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0.0/33",
        "::/129",
        "10/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "a/8"
      })
  void whatIsNoBlock_isNull(String text) {
    assertThat(AddressBlock.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "0:0:0:0:0:0:0:0, ::",
    "fe80::1%3, fe80::1",
    "1:0:0:0:0:0:0:0, 1::",
  })
  void address_hasOneForm(String text, String form) {
    assertThat(IpAddresses.text(Objects.requireNonNull(IpAddresses.parse(text)))).isEqualTo(form);
  }
}
