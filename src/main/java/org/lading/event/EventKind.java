package org.lading.event;

/** What happens to a download, in this order. */
public enum EventKind {
  /** The request was stored, or, in a message of its own, refused. */
  RECEIVED,
  /** The entries are complete. */
  READY,
  /** The preparation failed for good. Nothing follows. */
  FAILED,
  /** The time of the download is up. Nothing follows. */
  EXPIRED
}
