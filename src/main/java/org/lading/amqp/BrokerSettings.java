package org.lading.amqp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of connections to the broker.
 *
 * @param host the name or address of the broker
 * @param port its port
 * @param user the user
 * @param password the user's password
 * @param vhost the virtual host
 * @param tls the settings of TLS, or null for connections in the clear
 * @param heartbeat the pause after which a silent peer counts as gone, zero for never
 */
public record BrokerSettings(
    String host,
    int port,
    String user,
    String password,
    String vhost,
    @Nullable TlsSettings tls,
    Duration heartbeat) {

  /**
   * The settings of TLS.
   *
   * @param isVerified whether the broker's certificate has to be valid for its host
   * @param authorities files in PEM with the certificates of the authorities that are trusted; none
   *     for those that Java trusts
   */
  public record TlsSettings(boolean isVerified, List<Path> authorities) {
    /** Copies the list. */
    public TlsSettings {
      authorities = List.copyOf(authorities);
    }
  }

  /** Renders the settings without the password. */
  @Override
  public String toString() {
    return "%s://%s@%s:%d, vhost %s"
        .formatted(tls == null ? "amqp" : "amqps", user, host, port, vhost);
  }
}
