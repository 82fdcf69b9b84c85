package org.lading.config;

import java.util.List;

/** A configuration that cannot be used, with all its faults. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String[] faults;

  /**
   * Makes an exception with at least one fault, such as {@code lading.yml:12: roots[1].bucket:
   * ...}.
   */
  public ConfigurationException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
    this.faults = faults.toArray(String[]::new);
  }

  /** Returns the faults in the order of the file; they have no secrets. */
  public List<String> faults() {
    return List.of(faults);
  }
}
