package org.lading.root.s3.listing;

/**
 * Bounds the calls of one listing that may be wasted: by a fixed number, plus a share of the pages
 * that calls have returned.
 *
 * <p><b>Why.</b> A call for a predicted key may give keys that another page has as well, or none. A
 * listing of random names would otherwise make many times as many calls as a listing page after
 * page, which AWS charges and a store has to answer.
 *
 * <p><b>Invariant.</b> A guess that has no answer yet counts as wasted. So a listing of {@code n}
 * pages makes at most about {@code 1.25 n + 40} calls.
 *
 * <p>The figures of its constants are explained at {@link PrefetchingListing}.
 */
final class SpeculationBudget {
  /**
   * The number of calls that may be wasted before the first page. 20: 173 rounds, 1,726 calls,
   * large 135 and 1,265; 80: 159 and 1,824, large 96 and 1,273.
   */
  private static final double INITIAL = 40;

  /**
   * The number of calls that may be wasted for each page that calls have returned. 0.125: 158
   * rounds, 1,735 calls, large 280 and 1,235; 0.5: 157 and 1,792, large 96 and 1,260, but keys
   * without any pattern then make half as many calls again as pages.
   */
  private static final double PER_PAGE = 0.25;

  /**
   * The number of calls left below which only such split positions are predicted as waste less of a
   * call. 10: 159 rounds, 1,784 calls, large 124 and 1,244; 40: 172 and 1,728, large 133 and 1,264.
   */
  private static final double SCARCE = 20;

  private double pages;
  private double wasted;
  private int guesses;

  /** Counts a call that gave a share of a page, 0 to 1, that was used. */
  void countCall(double share) {
    pages += share;
    wasted += 1 - share;
  }

  /** Counts a guess as under way. */
  void beginGuess() {
    guesses++;
  }

  /** Counts a guess as answered. */
  void endGuess() {
    guesses--;
  }

  /** Tells whether one more call may be wasted. */
  boolean allowsCall() {
    return left() >= 1;
  }

  /** Tells whether few more calls may be wasted. */
  boolean isScarce() {
    return left() < SCARCE;
  }

  private double left() {
    return INITIAL + PER_PAGE * pages - wasted - guesses;
  }
}
