package org.lading.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;

/** What every download store promises, whatever keeps the rows. */
public abstract class DownloadStoreContract {
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");

  /** An empty store. */
  protected abstract DownloadStore store();

  @Test
  void download_isFoundAsItWasStored() {
    Download plain = download("a", null);
    Download named = download("b", "B\u00fccher \ud83d\ude00");
    store().insert(plain);
    store().insert(named);
    assertThat(store().find("a")).contains(plain);
    assertThat(store().find("b")).contains(named);
    assertThat(store().find("c")).isEmpty();
  }

  @Test
  void markReady_keepsTheTotals() {
    Download download = download("a", null);
    store().insert(download);
    Download ready =
        download.ready(
            new Download.Totals(
                5_000_000,
                4_999_999,
                1L << 50,
                1L << 51,
                1L << 52,
                new ArchivePoint(5_000_000, 1L << 49, 1L << 48),
                "abc"));
    store().markReady(ready);
    assertThat(store().find("a")).contains(ready);
  }

  @Test
  void unfinished_areThoseThatAreNotReady() {
    store().insert(download("a", null));
    store().insert(download("b", null));
    store().markReady(download("b", null).ready(Download.Totals.NONE));
    assertThat(store().unfinished()).containsExactly("a");
  }

  @Test
  void entries_areReadInOrderFromAnyOneOn() {
    Download download = withEntries("a", 2345);
    for (long first : new long[] {0, 1, 999, 1000, 1001, 2344, 2345}) {
      List<String> names = new ArrayList<>();
      store().entries(download, first).forEachRemaining(entry -> names.add(entry.name()));
      assertThat(names).hasSize((int) (2345 - first));
      if (!names.isEmpty()) {
        assertThat(names.get(0)).isEqualTo("a " + first);
        assertThat(names.get(names.size() - 1)).isEqualTo("a 2344");
      }
    }
  }

  @Test
  void pointBefore_isTheBeginningOfTheChunkThatHasTheOffset() {
    Download download = withEntries("a", 2345);
    for (long offset : new long[] {0, 1, 99_999, 100_000, 150_000, 234_499}) {
      ArchivePoint point = store().pointBefore(download, offset);
      assertThat(point.offset()).isLessThanOrEqualTo(offset).isGreaterThan(offset - 100_000);
      assertThat(point).isEqualTo(at((int) point.entries()));
      assertThat(store().pointBeforeCentral(download, offset / 10)).isEqualTo(point);
      assertThat(store().entries(download, point.entries()).next().name())
          .isEqualTo("a " + point.entries());
    }
  }

  @Test
  void entriesWithVeryLongNames_areKept() {
    Download download = download("a", null);
    store().insert(download);
    try (DownloadStore.EntrySink sink = store().entrySink("a")) {
      for (int i = 0; i < 30; i++) {
        sink.accept(entry("n".repeat(65_000) + i), at(i));
      }
    }
    Download ready = download.ready(totals(30));
    List<Entry> entries = new ArrayList<>();
    store().entries(ready, 0).forEachRemaining(entries::add);
    assertThat(entries).hasSize(30);
    assertThat(entries.get(29).name()).endsWith("n29");
  }

  @Test
  void entriesOfADownloadThatIsDeletedMeanwhile_endInAnError() {
    Download download = withEntries("a", 1500);
    Iterator<Entry> entries = store().entries(download, 0);
    for (int i = 0; i < 1000; i++) {
      entries.next();
    }
    store().delete("a");
    assertThat(entries.hasNext()).isTrue();
    assertThatThrownBy(entries::next)
        .isInstanceOfSatisfying(
            LadingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void delete_removesOneDownloadOnly_andNoneWithoutComplaint() {
    Download kept = withEntries("kept", 10);
    withEntries("gone", 10);
    store().delete("gone");
    store().delete("never");
    assertThat(store().find("gone")).isEmpty();
    assertThat(store().entries(kept, 0).next().name()).isEqualTo("kept 0");
  }

  @Test
  void check_returnsWhileTheStoreAnswers() {
    store().check();
  }

  private Download withEntries(String id, int count) {
    Download download = download(id, null);
    store().insert(download);
    try (DownloadStore.EntrySink sink = store().entrySink(id)) {
      for (int i = 0; i < count; i++) {
        sink.accept(entry(id + " " + i), at(i));
      }
    }
    Download ready = download.ready(totals(count));
    store().markReady(ready);
    return ready;
  }

  /** A layout in which each entry takes 100 bytes, and 10 in the central directory. */
  private static ArchivePoint at(int entry) {
    return new ArchivePoint(entry, 100L * entry, 10L * entry);
  }

  private static Download.Totals totals(int entries) {
    return new Download.Totals(entries, entries, entries, 0, 0, at(entries), "f");
  }

  private static Entry entry(String name) {
    return new Entry(
        Entry.Kind.FILE,
        name,
        1,
        Entry.UNKNOWN_CRC32,
        CREATED,
        new Entry.Source("root", "key of " + name, null),
        null);
  }

  protected static Download download(String id, String zipName) {
    return new Download(
        id,
        "root",
        zipName,
        Download.State.CREATING_MANIFEST,
        CREATED,
        CREATED.plusSeconds(100),
        Download.Totals.NONE);
  }
}
