package org.lading.root.s3.listing;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys that one call requests, with the answer: the keys after one key, up to and
 * including another. The answer has at most a page of them.
 */
final class KeyRange {
  final String after;
  final @Nullable String token;

  /** The last key, which need not exist; null for a range without an end. */
  @Nullable String until;

  /** Whether {@link #after} is a predicted key. */
  boolean isGuess;

  /** Whether another range was split off at a predicted key. */
  boolean isSplit;

  boolean isRequested;
  private @Nullable ListedPage page;
  private @Nullable RuntimeException failure;

  /** The last common prefix of the pages before it whose tokens lead to it, and their check. */
  private String lastPrefix = "";

  private EndlessListingCheck end = new EndlessListingCheck();

  KeyRange(String after, @Nullable String token, @Nullable String until) {
    this.after = after;
    this.token = token;
    this.until = until;
  }

  /** Returns the range after a page of this one, which the page's token leads to. */
  KeyRange rest(ListedPage got) {
    KeyRange rest = new KeyRange(got.lastKey(after), got.token(), until);
    rest.lastPrefix = got.lastPrefix(lastPrefix);
    rest.end = end;
    return rest;
  }

  /**
   * Checks that a page of this range, or a page before it, goes beyond those before; throws {@link
   * EndlessListingException}.
   */
  void requireProgress(ListedPage got) {
    boolean hasNews =
        KeyOrder.BYTES.compare(got.lastKey(after), after) > 0
            || KeyOrder.BYTES.compare(got.lastPrefix(lastPrefix), lastPrefix) > 0;
    end.observe(hasNews, got.token());
  }

  /** Returns the page, or null before it has come; throws the exception of the call. */
  @Nullable ListedPage page() {
    if (failure != null) {
      throw failure;
    }
    return page;
  }

  /** Returns the page, or null if it has not come or the call failed. */
  @Nullable ListedPage pageOrNull() {
    return page;
  }

  /** Tells whether it begins at a predicted key and has no answer yet. */
  boolean isUnansweredGuess() {
    return isGuess && !isAnswered();
  }

  /** Tells whether it is certain that a page begins here: at a token, a directory or an answer. */
  boolean hasCertainStart() {
    return page != null || token != null || after.endsWith("/");
  }

  /** Tells whether another range may be split off, after the page that is being requested. */
  boolean isSplittable() {
    return isRequested && !isSplit && !isAnswered();
  }

  /**
   * Tells whether the range has no answer, and a page that ends at a key has all of the range's
   * keys.
   */
  boolean isCoveredBy(String lastKey) {
    return !isAnswered() && until != null && KeyOrder.BYTES.compare(lastKey, until) >= 0;
  }

  /**
   * Stores the page or the exception of a call that is done, but throws a {@link
   * KeyOrderException}; returns the page or null.
   */
  @Nullable ListedPage complete(Future<ListedPage> answer) {
    try {
      page = answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KeyOrderException otherOrder) {
        throw otherOrder;
      }
      failure =
          e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      failure = e;
    } catch (InterruptedException e) {
      throw new IllegalStateException("a call that is done cannot be waited for", e);
    }
    return page;
  }

  private boolean isAnswered() {
    return page != null || failure != null;
  }
}
