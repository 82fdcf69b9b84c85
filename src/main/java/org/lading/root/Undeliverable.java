package org.lading.root;

/** What happens to a directory in which something cannot be delivered. */
public enum Undeliverable {
  /** The directory is refused. */
  REFUSE,
  /** What cannot be delivered is left out, and the archive lists it with the reasons. */
  OMIT
}
