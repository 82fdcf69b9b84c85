package org.lading.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "169.254.1.1",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fd00:c1::a9fe:a9fe",
        "fd00:42::42",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "100::1",
      })
  void address_thatNoNameMayLeadTo_isRefused(String address) throws IOException {
    assertThat(ReceiverAddresses.refusal(InetAddress.getByName(address))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "10.255.255.1",
        "172.16.255.1",
        "192.168.255.1",
        "100.64.255.1",
        "2606:4700::1111",
        "fd12:3456:789a::1",
        "64:ff9b::8.8.8.8",
      })
  void addressOfAnotherMachine_isNot(String address) throws IOException {
    assertThat(ReceiverAddresses.refusal(InetAddress.getByName(address))).isNull();
  }

  @Test
  void everyAddressOfThisMachine_isRefused() throws IOException {
    List<InetAddress> own =
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();

    assertThat(own).isNotEmpty();
    for (InetAddress address : own) {
      assertThat(ReceiverAddresses.refusal(address)).as(address.toString()).isNotNull();
    }
  }

  @Test
  void hostThatIsAnAddress_isThatOne() throws IOException {
    assertThat(texts("169.254.1.1")).containsExactly("169.254.1.1");
    assertThat(texts("::1")).containsExactly("0:0:0:0:0:0:0:1");
    assertThat(texts("localhost")).containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  private static List<String> texts(String host) throws IOException {
    return ReceiverAddresses.of(host).stream().map(InetAddress::getHostAddress).toList();
  }
}
