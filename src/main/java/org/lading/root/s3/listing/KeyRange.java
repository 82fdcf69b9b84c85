package org.lading.root.s3.listing;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A part of a walk: the keys behind one, up to and with another; at most a page of them. */
final class KeyRange {
  final String after;
  final @Nullable String token;

  /** Null for all that follow. */
  @Nullable String until;

  boolean isGuess;
  boolean isCut;
  boolean isAsked;
  private @Nullable ListedPage page;
  private @Nullable RuntimeException failure;

  KeyRange(String after, @Nullable String token, @Nullable String until) {
    this.after = after;
    this.token = token;
    this.until = until;
  }

  /** Its page; null if that has not come; throws what the call threw. */
  @Nullable ListedPage page() {
    if (failure != null) {
      throw failure;
    }
    return page;
  }

  /** Its page; null if that has not come, or failed. */
  @Nullable ListedPage pageOrNull() {
    return page;
  }

  /** Whether it begins at a guess of which nothing is known yet. */
  boolean isOpenGuess() {
    return isGuess && page == null && failure == null;
  }

  /** Whether a key or a directory is known to be where it begins, or what follows is there. */
  boolean isKnownToBegin() {
    return page != null || token != null || after.endsWith("/");
  }

  /** Whether it may be cut behind the page that is being asked for. */
  boolean isGuessable() {
    return isAsked && !isCut && page == null && failure == null;
  }

  /** Whether nothing is known of it yet but what a page up to that position has. */
  boolean isWithin(String position) {
    return page == null
        && failure == null
        && until != null
        && KeyOrder.BYTES.compare(position, until) >= 0;
  }

  /** Takes what a call gave or threw; the page, or null if it threw. */
  @Nullable ListedPage settle(Future<ListedPage> answer) {
    try {
      page = answer.get();
    } catch (ExecutionException e) {
      failure =
          e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      failure = e;
    } catch (InterruptedException e) {
      throw new IllegalStateException("what is done needs no waiting", e);
    }
    return page;
  }
}
