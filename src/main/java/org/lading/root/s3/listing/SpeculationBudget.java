package org.lading.root.s3.listing;

/**
 * How many calls of a walk may turn out to be of no use, and how many did: a fixed number, and a
 * share of the pages that were worth one.
 */
final class SpeculationBudget {
  private static final double ALLOWED_AT_FIRST = 40;
  private static final double ALLOWED_A_PAGE = 0.25;

  /** While so many are left, cuts may be made that are likely to be a little off. */
  private static final double PLENTY = 30;

  /** What one more guess counts beside those before, in the mean of what they waste. */
  private static final double NEWS = 0.1;

  private static final double LEAST_EXPECTED = 0.5;

  private double pages;
  private double wasted;
  private int guesses;
  private double wasteOfAGuess = 1;

  /** Counts a call of which that share of a page was of use. */
  void count(double share) {
    pages += share;
    wasted += 1 - share;
  }

  /** A guess is under way. */
  void beginGuess() {
    guesses++;
  }

  /** It is no longer. */
  void endGuess() {
    guesses--;
  }

  /** Learns of what use a guess was, as above. */
  void learnFromGuess(double share) {
    wasteOfAGuess = NEWS * (1 - share) + (1 - NEWS) * wasteOfAGuess;
  }

  /** Whether one more may be wasted. */
  boolean mayBeMore() {
    return left() >= 1;
  }

  /** Whether not many more may be. */
  boolean areScarce() {
    return left() < PLENTY;
  }

  private double left() {
    double expected = guesses * Math.max(LEAST_EXPECTED, wasteOfAGuess);
    return ALLOWED_A_PAGE * pages + ALLOWED_AT_FIRST - wasted - expected;
  }
}
