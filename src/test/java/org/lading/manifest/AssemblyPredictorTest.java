package org.lading.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lading.manifest.AssemblyPrediction.Burden;
import org.lading.root.Roots;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3RootSettings;
import org.lading.root.s3.S3RootSettings.Sign;

/** The corners of predictions; what they decide is in {@code AssemblerTest}. */
class AssemblyPredictorTest {
  @Test
  void modZip_mayTakeAFifthLonger() {
    assertThat(new AssemblyPrediction(120, 100, Burden.NONE).favoursModZip()).isTrue();
    assertThat(new AssemblyPrediction(121, 100, Burden.NONE).favoursModZip()).isFalse();
    assertThat(AssemblyPrediction.NONE.favoursModZip()).isTrue();
    assertThat(new AssemblyPrediction(Long.MAX_VALUE, 1, Burden.NONE).favoursModZip()).isFalse();
  }

  @Test
  void directories_costNothing() {
    AssemblyPrediction none = predicted();
    assertThat(predicted(entry(Entry.Kind.DIRECTORY, 0, 0))).isEqualTo(none);
    assertThat(none.burden()).isEqualTo(Burden.NONE);
    assertThat(none.favoursModZip()).isTrue();
  }

  @Test
  void largestFiles_haveATime() {
    long size = Long.MAX_VALUE / 4;
    AssemblyPrediction known = predicted(entry(Entry.Kind.FILE, size, 1));
    AssemblyPrediction unknown = predicted(entry(Entry.Kind.FILE, size, Entry.UNKNOWN_CRC32));

    assertThat(known.modZipMillis()).isPositive().isLessThan(known.embeddedMillis());
    assertThat(known.burden()).isEqualTo(new Burden(Burden.Kind.FILES, 1, 0));
    assertThat(unknown.modZipMillis()).isGreaterThan(unknown.embeddedMillis());
    assertThat(unknown.burden()).isEqualTo(new Burden(Burden.Kind.UNKNOWN_FILES, 1, 0));
  }

  @Test
  void emptyFilesWithoutAChecksum_areABurdenOnlyByTheirNumber() {
    Entry empty = entry(Entry.Kind.FILE, 0, Entry.UNKNOWN_CRC32);
    assertThat(predicted(empty, empty).burden())
        .isEqualTo(new Burden(Burden.Kind.SMALL_FILES, 2, 0));
  }

  @Test
  void objectsThatAreSignedOneByOne_takeModZipLonger_andLadingNot() {
    AssemblyPrediction manifest = predicted(Sign.MANIFEST, 1);
    AssemblyPrediction entry = predicted(Sign.ENTRY, 1);

    assertThat(entry.modZipMillis() - manifest.modZipMillis()).isBetween(100L, 1000L);
    assertThat(entry.embeddedMillis()).isEqualTo(manifest.embeddedMillis());
    assertThat(entry.burden()).isEqualTo(new Burden(Burden.Kind.SMALL_OBJECTS, 1000, 1));
  }

  @Test
  void objectsThatLadingGivesNginxItself_takeModZipEvenLonger() {
    long known = predicted(Sign.ENTRY, 1).modZipMillis();
    long unknown = predicted(Sign.ENTRY, Entry.UNKNOWN_CRC32).modZipMillis();
    long inManifest = predicted(Sign.MANIFEST, Entry.UNKNOWN_CRC32).modZipMillis();

    assertThat(unknown - inManifest)
        .isGreaterThan(known - predicted(Sign.MANIFEST, 1).modZipMillis());
  }

  @Test
  void signingIsThatOfTheWholeArchive() {
    // URLs of half an hour last for a few entries, not for 50,000 at 50 ms each.
    AssemblyPrediction few = predicted(Sign.AUTO, 100, 1);
    AssemblyPrediction fewByEntry = predicted(Sign.ENTRY, 100, 1);
    AssemblyPrediction many = predicted(Sign.AUTO, 50_000, 1);
    AssemblyPrediction manyByEntry = predicted(Sign.ENTRY, 50_000, 1);

    assertThat(few.modZipMillis()).isLessThan(fewByEntry.modZipMillis());
    assertThat(many).isEqualTo(manyByEntry);
  }

  /** The prediction for a thousand small objects. */
  private static AssemblyPrediction predicted(Sign sign, long crc32) {
    return predicted(sign, 1000, crc32);
  }

  private static AssemblyPrediction predicted(Sign sign, int objects, long crc32) {
    S3RootSettings settings =
        S3RootSettings.builder("far", "bucket")
            .region("us-east-1")
            .credentials("id", "secret")
            .urlExpiry(Duration.ofMinutes(30))
            .sign(sign)
            .build();
    Entry.Source source = new Entry.Source("far", "key", "version");
    try (Roots roots = new Roots(List.of(new S3Root(settings)))) {
      AssemblyPredictor predictor = new AssemblyPredictor(roots);
      Entry entry = new Entry(Entry.Kind.FILE, "name", 8192, crc32, Instant.EPOCH, source, null);
      for (int i = 0; i < objects; i++) {
        predictor.add(entry);
      }
      return predictor.prediction();
    }
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
