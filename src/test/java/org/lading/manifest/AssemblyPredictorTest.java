package org.lading.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lading.root.Roots;

/** The corners of predictions; what they decide is in {@code AssemblerTest}. */
class AssemblyPredictorTest {
  @Test
  void modZip_mayTakeAFifthLonger() {
    assertThat(new AssemblyPrediction(120, 100, "").favoursModZip()).isTrue();
    assertThat(new AssemblyPrediction(121, 100, "").favoursModZip()).isFalse();
    assertThat(AssemblyPrediction.NONE.favoursModZip()).isTrue();
    assertThat(new AssemblyPrediction(Long.MAX_VALUE, 1, "").favoursModZip()).isFalse();
  }

  @Test
  void directories_costNothing() {
    AssemblyPrediction none = predicted();
    assertThat(predicted(entry(Entry.Kind.DIRECTORY, 0, 0))).isEqualTo(none);
    assertThat(none.burden()).isEmpty();
    assertThat(none.favoursModZip()).isTrue();
  }

  @Test
  void largestFiles_haveATime() {
    long size = Long.MAX_VALUE / 4;
    AssemblyPrediction known = predicted(entry(Entry.Kind.FILE, size, 1));
    AssemblyPrediction unknown = predicted(entry(Entry.Kind.FILE, size, Entry.UNKNOWN_CRC32));

    assertThat(known.modZipMillis()).isPositive().isLessThan(known.embeddedMillis());
    assertThat(known.burden()).isEqualTo("1 file");
    assertThat(unknown.modZipMillis()).isGreaterThan(unknown.embeddedMillis());
    assertThat(unknown.burden()).isEqualTo("1 file without a known CRC-32");
  }

  @Test
  void emptyFilesWithoutAChecksum_areABurdenOnlyByTheirNumber() {
    Entry empty = entry(Entry.Kind.FILE, 0, Entry.UNKNOWN_CRC32);
    assertThat(predicted(empty, empty).burden()).isEqualTo("2 small files");
  }

  private static AssemblyPrediction predicted(Entry... entries) {
    AssemblyPredictor predictor = new AssemblyPredictor(new Roots(List.of()));
    List.of(entries).forEach(predictor::add);
    return predictor.prediction();
  }

  private static Entry entry(Entry.Kind kind, long size, long crc32) {
    return new Entry(kind, "name", size, crc32, Instant.EPOCH, null, null);
  }
}
