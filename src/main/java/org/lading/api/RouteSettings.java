package org.lading.api;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.base.AddressBlock;

/**
 * The settings about the addresses by which clients reach the application, and about the pages that
 * may use it.
 *
 * @param publicUrl the outside URL, without a trailing slash, to which the context path is appended
 *     unless it ends with that; or null to take it from each request
 * @param hosts the hosts that the application answers for besides that of {@code publicUrl}; one
 *     without a port stands for all ports. If there are none, it answers for any
 * @param corsOrigins the origins besides its own whose pages may create downloads
 * @param trustedProxies the proxies that are believed when they tell a client's address
 * @param operators the addresses that see the pages for those who run the application, or null for
 *     all
 */
public record RouteSettings(
    @Nullable URI publicUrl,
    List<Authority> hosts,
    List<Origin> corsOrigins,
    List<AddressBlock> trustedProxies,
    @Nullable List<AddressBlock> operators) {
  /** The proxies that are believed unless a setting names others: those on this machine. */
  public static final List<AddressBlock> LOCAL_PROXIES =
      Stream.of("127.0.0.0/8", "::1")
          .map(text -> Objects.requireNonNull(AddressBlock.parse(text)))
          .toList();

  /** No setting: the URL is taken from each request. */
  public static final RouteSettings NONE = new RouteSettings(null, List.of(), List.of());

  /** Copies the lists. */
  public RouteSettings {
    hosts = List.copyOf(hosts);
    corsOrigins = List.copyOf(corsOrigins);
    trustedProxies = List.copyOf(trustedProxies);
    operators = operators == null ? null : List.copyOf(operators);
  }

  /** Makes settings that believe the proxies on this machine, and show operators' pages to all. */
  public RouteSettings(@Nullable URI publicUrl, List<Authority> hosts, List<Origin> corsOrigins) {
    this(publicUrl, hosts, corsOrigins, LOCAL_PROXIES, null);
  }

  /** Tells whether a setting names a host as one that the application answers for. */
  boolean names(Authority host) {
    Authority outside =
        publicUrl == null ? null : Authority.parse(String.valueOf(publicUrl.getRawAuthority()));
    return hosts.stream().anyMatch(host::isWithin)
        || (outside != null && outside.host().equals(host.host()));
  }
}
