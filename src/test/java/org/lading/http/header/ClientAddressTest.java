package org.lading.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.base.AddressBlock;

class ClientAddressTest {
  private static final ClientAddress ADDRESSES =
      new ClientAddress(
          Stream.of("127.0.0.0/8", "::1", "10.0.0.0/8", "fd00::/8")
              .map(AddressBlock::parse)
              .toList());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The peer is no proxy: whatever it says is its own.
        "192.0.2.7         | 198.51.100.1                  | 192.0.2.7",
        "127.0.0.1         | ''                            | 127.0.0.1",
        "127.0.0.1         | 198.51.100.1                  | 198.51.100.1",
        // A client may have written the first ones.
        "127.0.0.1         | 203.0.113.9, 198.51.100.1     | 198.51.100.1",
        "127.0.0.1         | 203.0.113.9, 198.51.100.1, 10.1.2.3 | 198.51.100.1",
        "127.0.0.1         | 10.1.2.3                      | 10.1.2.3",
        "127.0.0.1         | 198.51.100.1, unknown         | unknown",
        "127.0.0.1         | 198.51.100.1, _hidden, 10.1.2.3 | unknown",
        "127.0.0.1         | 198.51.100.1:4711             | 198.51.100.1",
        "127.0.0.1         | [2001:DB8:0:0:0:0:0:1]:4711   | 2001:db8::1",
        "127.0.0.1         | 2001:db8::1                   | 2001:db8::1",
        "[::1]             | 198.51.100.1                  | 198.51.100.1",
        "0:0:0:0:0:0:0:1   | 198.51.100.1                  | 198.51.100.1",
        "::ffff:127.0.0.1  | 198.51.100.1                  | 198.51.100.1",
        "fd12::1%eth0      | fe80::1%eth0                  | fe80::1",
        "127.0.0.1         | 1.2.3                         | unknown",
        "127.0.0.1         | localhost                     | unknown",
        "127.0.0.1         | 1.2.3.4.                      | unknown",
        "127.0.0.1         | 256.1.1.1                     | unknown",
      })
  void address_isTheFirstThatIsNoProxy_fromTheNearestOn(String peer, String told, String address) {
    List<String> elements = told.isEmpty() ? List.of() : List.of(told.split(", "));
    assertThat(ADDRESSES.of(peer, elements)).isEqualTo(address);
  }

  @Test
  void quotesAndEmptyElements_ofXForwardedFor_hideNoAddress() {
    assertThat(told("\", 198.51.100.8")).isEqualTo("198.51.100.8");
    assertThat(told("\"127.0.0.1", "198.51.100.8\\, 10.1.2.3")).isEqualTo("unknown");
    assertThat(told("\"", "198.51.100.8, 10.1.2.3")).isEqualTo("198.51.100.8");
    assertThat(told(" ,, 198.51.100.8")).isEqualTo("198.51.100.8");
    assertThat(told("127.0.0.1, ")).isEqualTo("unknown");
    assertThat(told("127.0.0.1, \"")).isEqualTo("unknown");
    assertThat(told(" ")).as("as if it were not there").isEqualTo("127.0.0.1");
  }

  private static String told(String... lines) {
    return ADDRESSES.of("127.0.0.1", ClientAddress.xForwardedFor(lines(lines)));
  }

  private static Enumeration<String> lines(String... lines) {
    return Collections.enumeration(List.of(lines));
  }

  @Test
  void forwarded_givesTheAddressesOfItsElements() {
    assertThat(
            ClientAddress.forwarded(
                lines(
                    "for=192.0.2.60;proto=http;by=203.0.113.43",
                    "proto=https; For=\"[2001:db8:cafe::17]:4711\", by=_hidden",
                    "for=unknown")))
        .containsExactly("192.0.2.60", "[2001:db8:cafe::17]:4711", "", "unknown");
  }

  @Test
  void forwarded_whoseQuotingIsBroken_tellsNoAddressOfItsLine() {
    assertThat(
            ClientAddress.forwarded(
                lines("for=\", for=198.51.100.8", "for=\"x\\\", for=\"[2001:db8::1]:4711\"")))
        .containsExactly("", "");
    assertThat(
            ClientAddress.forwarded(
                lines("for=\"", "for=198.51.100.8", "for=12\"7.0.0.1\", for=\"\"127.0.0.1")))
        .containsExactly("", "198.51.100.8", "12\"7.0.0.1\"", "\"\"127.0.0.1");
    assertThat(ADDRESSES.of("127.0.0.1", List.of("127.0.0.1", "\"\"127.0.0.1")))
        .isEqualTo("unknown");
  }

  @Test
  void manyProxies_areNotWalkedWithoutEnd() {
    List<String> told =
        Stream.concat(Stream.of("198.51.100.1"), Stream.generate(() -> "10.0.0.1").limit(1000))
            .toList();
    assertThat(ADDRESSES.of("127.0.0.1", told)).isEqualTo("10.0.0.1");
  }

  @Test
  void peerWithoutAnAddress_isUnknown() {
    assertThat(ADDRESSES.of(null, List.of("198.51.100.1"))).isEqualTo("unknown");
    assertThat(ADDRESSES.of("", List.of())).isEqualTo("unknown");
    assertThat(ADDRESSES.of("\u0000" + "x".repeat(100), List.of())).hasSizeLessThanOrEqualTo(45);
  }

  @Test
  void withoutTrustedProxies_theConnectionCounts() {
    assertThat(new ClientAddress(List.of()).of("127.0.0.1", List.of("198.51.100.1")))
        .isEqualTo("127.0.0.1");
  }
}
