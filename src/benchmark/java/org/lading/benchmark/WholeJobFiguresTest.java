package org.lading.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.benchmark.WholeJobFigures.Row;

/** The figures in {@code docs/performance}, and the plots of them. */
class WholeJobFiguresTest {
  private static final Path COMMITTED = Path.of("docs/performance");

  @TempDir Path directory;

  @Test
  void committedPlots_showTheCommittedFigures() throws Exception {
    assertThat(COMMITTED.resolve(WholeJobFigures.FILE)).exists();
    assertThat(WholeJobFigures.read(COMMITTED).plots())
        .as("Draw them again: see WholeJobFigures")
        .allSatisfy((file, plot) -> assertThat(COMMITTED.resolve(file)).hasContent(plot));
  }

  @Test
  void write_thenRead_givesTheSamePlots() throws Exception {
    Row alone = new Row("S3", 10_000, 0.1, "", Double.NaN, 0.2, "other", 0.3, 1, 2);
    Row more = new Row("S3", 100_000, 1, "", Double.NaN, 2, "other", 3, 10, 20);
    WholeJobFigures figures = new WholeJobFigures(List.of(alone, more));

    figures.write(directory.resolve("new"));

    assertThat(WholeJobFigures.read(directory.resolve("new")).plots()).isEqualTo(figures.plots());
    assertThat(Files.readString(directory.resolve("new/create.svg")))
        .isEqualTo(figures.plots().get("create.svg"))
        .contains("Lading, S3")
        .doesNotContain("NaN");
    assertThat(figures.plots().get("manifest.svg")).contains("other");
  }
}
