package org.lading.access;

import java.time.Duration;
import java.util.Set;

/**
 * The settings of who may have what.
 *
 * @param publicRoots the names of the roots of which everybody may have everything
 * @param clients the clients
 * @param realm what clients with a password are told that it is for
 * @param linkLife the longest life of a token in a link
 */
public record AccessSettings(
    Set<String> publicRoots, Clients clients, String realm, Duration linkLife) {
  /** Copies the set. */
  public AccessSettings {
    publicRoots = Set.copyOf(publicRoots);
  }
}
