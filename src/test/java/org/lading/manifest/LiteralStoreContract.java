package org.lading.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.lading.download.AttemptEndedException;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** What every store of literals promises. */
public abstract class LiteralStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final int LARGE = 300_000;

  /** A store without literals. */
  protected abstract LiteralStore literals();

  /** The downloads of the same database. */
  protected abstract DownloadStore downloads();

  @Test
  void bytes_areReadFromAnyPositionToAnyOther() throws IOException {
    Download attempt = begun();
    byte[] large = "0123456789".repeat(LARGE / 10).getBytes(US_ASCII);
    long[] begins = new long[3];
    try (LiteralStore.Writer writer = literals().writer(attempt.id(), 1)) {
      begins[0] = writer.begin();
      writer.write("first".getBytes(US_ASCII));
      begins[1] = writer.begin();
      writer.write(large);
      begins[2] = writer.begin();
      writer.write('x');
    }
    assertThat(read(begins[0], begins[1])).isEqualTo("first");
    assertThat(read(begins[1], begins[2])).isEqualTo(new String(large, US_ASCII));
    assertThat(read(begins[2], begins[2] + 1)).isEqualTo("x");
    assertThat(read(begins[1] + 131_060, begins[1] + 131_090)).isEqualTo("0123456789".repeat(3));
    assertThat(read(begins[2], begins[2])).isEmpty();
  }

  @Test
  void literalThatIsForgotten_isWrittenOver_unlessItIsStored() throws IOException {
    Download attempt = begun();
    long kept;
    long last;
    try (LiteralStore.Writer writer = literals().writer(attempt.id(), 1)) {
      writer.begin();
      writer.write("kept".getBytes(US_ASCII));
      long forgotten = writer.begin();
      writer.write("forgotten".getBytes(US_ASCII));
      writer.forget(forgotten);
      kept = writer.begin();
      assertThat(kept).isEqualTo(forgotten);
      writer.write("also kept".getBytes(US_ASCII));
      long large = writer.begin();
      writer.write(new byte[LARGE]);
      writer.forget(large);
      last = writer.begin();
      writer.write("last".getBytes(US_ASCII));
    }
    assertThat(read(0, 4)).isEqualTo("kept");
    assertThat(read(kept, kept + 9)).isEqualTo("also kept");
    assertThat(read(last, last + 4)).isEqualTo("last");
  }

  @Test
  void downloadWithAnEmptyLiteral_hasLiterals_andOneWithoutAnyHasNone() throws IOException {
    Download attempt = begun();
    literals().writer(attempt.id(), 1).close();
    assertThat(literals().hasLiterals(attempt.id())).isFalse();
    try (LiteralStore.Writer writer = literals().writer(attempt.id(), 1)) {
      assertThat(writer.begin()).isZero();
    }
    assertThat(literals().hasLiterals(attempt.id())).isTrue();
  }

  @Test
  void attemptThatIsOver_writesNothing_andTheNextBeginsAnew() throws IOException {
    Download attempt = begun();
    LiteralStore.Writer late = literals().writer(attempt.id(), 1);
    late.begin();
    late.write(new byte[LARGE]);
    assertThat(literals().hasLiterals(attempt.id())).isTrue();
    assertThat(downloads().begin(attempt.id(), Lane.QUICK, NOW)).isPresent();
    assertThatThrownBy(() -> late.write(new byte[LARGE])).isInstanceOf(AttemptEndedException.class);
    assertThatThrownBy(late::close).isInstanceOf(AttemptEndedException.class);
    assertThat(literals().hasLiterals(attempt.id())).isFalse();
    try (LiteralStore.Writer next = literals().writer(attempt.id(), 2)) {
      assertThat(next.begin()).isZero();
      next.write('n');
    }
    assertThat(read(0, 1)).isEqualTo("n");
  }

  @Test
  void removal_takesTheLiteralsAlong() throws IOException {
    Download attempt = begun();
    try (LiteralStore.Writer writer = literals().writer(attempt.id(), 1)) {
      writer.begin();
      writer.write(new byte[20 * 131_072]);
    }
    downloads().removeContents(List.of(attempt));
    assertThat(literals().hasLiterals(attempt.id())).isFalse();
    assertThatThrownBy(() -> read(0, 1))
        .isInstanceOfSatisfying(
            LadingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  private Download begun() {
    CreateRequest request =
        new CreateRequest(
            "root", OptionalLong.empty(), false, new ManifestRequest(null, List.of()));
    Download download = Download.pending("a", request, "client", NOW, NOW.plusSeconds(60));
    downloads().insert(download, Collections.emptyIterator(), 1);
    return downloads().begin("a", Lane.QUICK, NOW).orElseThrow();
  }

  private String read(long from, long to) throws IOException {
    try (var in = literals().open("a", from, to)) {
      return new String(in.readAllBytes(), US_ASCII);
    }
  }
}
