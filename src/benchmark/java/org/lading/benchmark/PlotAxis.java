package org.lading.benchmark;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis of a plot: the range of its numbers, and the ticks on it.
 *
 * @param label what it measures
 * @param unit of the numbers at its ticks, or empty
 * @param isLogarithmic whether equal distances are equal ratios
 * @param from the least number on it
 * @param to the greatest number on it
 */
record PlotAxis(String label, String unit, boolean isLogarithmic, double from, double to) {
  private static final int LINEAR_STEPS = 5;
  private static final double[] ROUND = {1, 2, 5, 10};
  private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

  /** By how much, relatively, a sum or product of round numbers may miss a round number. */
  private static final double TOLERANCE = 1e-9;

  /** A logarithmic axis between round numbers that has room for these, which are positive. */
  static PlotAxis logarithmic(String label, String unit, List<Double> values) {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    if (least <= 0) {
      throw new IllegalArgumentException(label + ": " + least);
    }
    double from = roundDown(least);
    return new PlotAxis(label, unit, true, from, Math.max(roundUp(most), 10 * from));
  }

  /** A linear axis from 0 to a round number that has room for these. */
  static PlotAxis linear(String label, String unit, List<Double> values) {
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double step = roundUp(Math.max(most, Double.MIN_NORMAL) / LINEAR_STEPS);
    return new PlotAxis(
        label, unit, false, 0, step * Math.max(1, Math.ceil(most / step - TOLERANCE)));
  }

  /** Where a number stands between the ends of the axis, which are 0 and 1. */
  double position(double value) {
    return isLogarithmic
        ? Math.log(value / from) / Math.log(to / from)
        : (value - from) / (to - from);
  }

  /** The numbers that are named on the axis: powers of ten, or equal steps. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (isLogarithmic) {
      for (int power = powerOfTen(from); Math.pow(10, power) <= to * (1 + TOLERANCE); power++) {
        if (Math.pow(10, power) >= from * (1 - TOLERANCE)) {
          ticks.add(Math.pow(10, power));
        }
      }
    } else {
      double step = roundUp((to - from) / LINEAR_STEPS * (1 - TOLERANCE));
      for (int i = 0; from + i * step <= to * (1 + TOLERANCE); i++) {
        ticks.add(from + i * step);
      }
    }
    return ticks;
  }

  /** A number to three digits with the unit of this axis, as in {@code 0.1 s} or {@code 1,000}. */
  String named(double value) {
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    int decimals = Math.max(0, rounded.scale());
    String number = String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
    return unit.isEmpty() ? number : number + " " + unit;
  }

  private static double roundUp(double value) {
    double power = Math.pow(10, powerOfTen(value));
    for (double round : ROUND) {
      if (round * power >= value * (1 - TOLERANCE)) {
        return round * power;
      }
    }
    throw new IllegalArgumentException(Double.toString(value));
  }

  private static double roundDown(double value) {
    double power = Math.pow(10, powerOfTen(value));
    double down = power;
    for (double round : ROUND) {
      if (round * power <= value * (1 + TOLERANCE)) {
        down = round * power;
      }
    }
    return down;
  }

  private static int powerOfTen(double value) {
    return (int) Math.floor(Math.log10(value) + TOLERANCE);
  }
}
