package org.lading.config;

import java.util.List;

/** A configuration that cannot be used, with every fault that was found in it. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String[] faults;

  /** At least one fault, each a line such as {@code lading.yml:12: roots[1].bucket: ...}. */
  public ConfigurationException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
    this.faults = faults.toArray(String[]::new);
  }

  /** The faults in the order of the file; they never hold a secret. */
  public List<String> faults() {
    return List.of(faults);
  }
}
