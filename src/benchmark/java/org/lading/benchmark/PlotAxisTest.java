package org.lading.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The ranges, ticks and positions of an axis. */
class PlotAxisTest {
  @Test
  void logarithmic_endsAtRoundNumbersAroundItsValues() {
    PlotAxis axis = PlotAxis.logarithmic("time", "s", List.of(0.03, 19.2, 2.0));
    assertThat(axis.from()).isCloseTo(0.02, within(1e-9));
    assertThat(axis.to()).isCloseTo(20, within(1e-9));
    assertThat(axis.ticks().stream().map(axis::named)).containsExactly("0.1 s", "1 s", "10 s");
  }

  @Test
  void logarithmic_ofPowersOfTen_endsAtThem() {
    PlotAxis axis = PlotAxis.logarithmic("entries", "", List.of(10_000.0, 1_000_000.0));
    assertThat(axis.ticks().stream().map(axis::named))
        .containsExactly("10,000", "100,000", "1,000,000");
    assertThat(axis.position(10_000)).isCloseTo(0, within(1e-9));
    assertThat(axis.position(100_000)).isCloseTo(0.5, within(1e-9));
    assertThat(axis.position(1_000_000)).isCloseTo(1, within(1e-9));
  }

  @Test
  void logarithmic_ofOneValue_spansAPowerOfTen() {
    PlotAxis axis = PlotAxis.logarithmic("entries", "", List.of(1000.0));
    assertThat(axis.from()).isEqualTo(1000);
    assertThat(axis.to()).isEqualTo(10_000);
  }

  @Test
  void logarithmic_ofZero_isRefused() {
    assertThatThrownBy(() -> PlotAxis.logarithmic("time", "s", List.of(1.0, 0.0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void linear_hasEqualStepsFromZero() {
    PlotAxis axis = PlotAxis.linear("heap", "MiB", List.of(5.0, 63.0));
    assertThat(axis.ticks().stream().map(axis::named))
        .containsExactly("0 MiB", "20 MiB", "40 MiB", "60 MiB", "80 MiB");
    assertThat(axis.position(0)).isZero();
    assertThat(axis.position(60)).isCloseTo(0.75, within(1e-9));
    assertThat(PlotAxis.linear("heap", "MiB", List.of(0.0)).ticks()).isNotEmpty();
  }

  @Test
  void named_hasThreeDigits() {
    PlotAxis axis = PlotAxis.linear("time", "s", List.of(1.0));
    assertThat(List.of(0.0, 0.0961, 5.6, 19.24, 1_234_567.0).stream().map(axis::named))
        .containsExactly("0 s", "0.0961 s", "5.6 s", "19.2 s", "1,230,000 s");
  }
}
