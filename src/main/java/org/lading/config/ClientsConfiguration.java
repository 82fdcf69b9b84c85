package org.lading.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may create downloads.
 *
 * @param open whether everybody may; then {@code list} is empty
 * @param list the clients that may; empty and not open: nobody may
 */
public record ClientsConfiguration(boolean open, List<ConfiguredClient> list) {
  /** Nobody may create. */
  public static final ClientsConfiguration CLOSED = new ClientsConfiguration(false, List.of());

  /** Copies the list. */
  public ClientsConfiguration {
    list = List.copyOf(list);
  }

  /**
   * A client known by a bearer token.
   *
   * @param name for the log
   * @param tokenSha256 SHA-256 of the token, 64 lower-case hex digits
   * @param roots the names of the roots it may use, or null for all
   */
  public record ConfiguredClient(String name, String tokenSha256, @Nullable List<String> roots) {
    /** Copies the list. */
    public ConfiguredClient {
      roots = roots == null ? null : List.copyOf(roots);
    }

    /** Without the token's hash. */
    @Override
    public String toString() {
      return "Client[name=" + name + ", roots=" + (roots == null ? "all" : roots) + "]";
    }
  }
}
