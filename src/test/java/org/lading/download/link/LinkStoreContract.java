package org.lading.download.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.download.link.LinkStore.Stored;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.Target;

/** What every store of links promises, whatever keeps the rows. */
public abstract class LinkStoreContract {
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Instant LATER = CREATED.plusSeconds(50);
  private static final String KEY = Link.key("path", "main", "a", "a");

  /** An empty store. */
  protected abstract LinkStore links();

  /** The store of the downloads of its links. */
  protected abstract DownloadStore downloads();

  @Test
  void target_isStoredWithItsLink() {
    assertThat(links().find(KEY)).isEmpty();
    assertThat(insert("first", null, false)).isEqualTo(Stored.NEXT);

    assertThat(links().find(KEY)).contains(new StoredLink(KEY, "first", null, CREATED));
    Download stored = downloads().find("first").orElseThrow();
    assertThat(downloads().targets(stored))
        .toIterable()
        .containsExactly(new Target.PathTarget(0, "main", "a/"));
    assertThat(links().find(Link.key("path", "main", "b", "a"))).isEmpty();
  }

  @Test
  void ofTwoThatChangeALink_oneSucceeds_andTheOtherStoresNothing() {
    insert("first", null, false);
    StoredLink found = links().find(KEY).orElseThrow();

    assertThat(insert("late", null, false)).isEqualTo(Stored.NOT);
    assertThat(insert("next", found, true)).isEqualTo(Stored.NEXT);
    assertThat(insert("other", found, true)).isEqualTo(Stored.NOT);
    assertThat(insert("another", found, false)).isEqualTo(Stored.NOT);
    assertThat(links().settle(found, true, LATER)).isFalse();

    assertThat(links().find(KEY)).contains(new StoredLink(KEY, "first", "next", CREATED));
    assertThat(downloads().find(List.of("late", "other", "another"))).isEmpty();
  }

  @Test
  void nextDownload_takesThePlace_orDoesNot() {
    insert("first", null, false);
    insert("next", links().find(KEY).orElseThrow(), true);
    StoredLink both = links().find(KEY).orElseThrow();
    assertThat(links().settle(both, false, LATER)).isTrue();
    StoredLink same = new StoredLink(KEY, "first", null, LATER);
    assertThat(links().find(KEY)).contains(same);

    insert("other", same, true);
    links().settle(new StoredLink(KEY, "first", "other", LATER), true, CREATED);
    StoredLink other = new StoredLink(KEY, "other", null, CREATED);
    assertThat(links().find(KEY)).contains(other);
    assertThat(insert("last", other, false)).isEqualTo(Stored.NEXT);
    assertThat(links().find(KEY)).contains(new StoredLink(KEY, "last", null, CREATED));
  }

  @Test
  void change_isNotedOfTheCurrentDownload() {
    insert("first", null, false);
    links().markChanged(KEY, "another");
    assertThat(links().find(KEY).orElseThrow().checked()).isEqualTo(CREATED);
    links().markChanged(KEY, "first");
    assertThat(links().find(KEY).orElseThrow().checked()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void linkGoesWithItsDownload_andForgetsTheNextOne() {
    insert("first", null, false);
    insert("next", links().find(KEY).orElseThrow(), true);
    downloads().delete(List.of("next"));
    assertThat(links().find(KEY)).contains(new StoredLink(KEY, "first", null, CREATED));
    downloads().delete(List.of("first"));
    assertThat(links().find(KEY)).isEmpty();
  }

  @Test
  void expiry_isPutOff_ofWhatIsReady() {
    insert("first", null, false);
    links().extend("first", LATER.plusSeconds(1000));
    assertThat(downloads().find("first").orElseThrow().expires()).isEqualTo(LATER);
    Download begun = downloads().begin("first", Lane.QUICK, CREATED).orElseThrow();
    downloads().end(begun.ready(Download.Totals.NONE, CREATED));

    links().extend("first", LATER.plusSeconds(1000));
    assertThat(downloads().find("first").orElseThrow().expires())
        .isEqualTo(LATER.plusSeconds(1000));
    assertThat(downloads().due(LATER.plusSeconds(999), 10)).isEmpty();
    links().extend("first", LATER);
    assertThat(downloads().find("first").orElseThrow().expires())
        .isEqualTo(LATER.plusSeconds(1000));
  }

  private Stored insert(String id, @Nullable StoredLink expected, boolean asNext) {
    ManifestRequest manifest = ManifestRequest.ofPath("main", "a/");
    Download download =
        Download.pending(
            id,
            new CreateRequest("main", OptionalLong.empty(), false, manifest),
            "public",
            CREATED,
            LATER);
    return links()
        .insert(
            KEY,
            expected,
            asNext,
            download,
            manifest.targets().iterator(),
            DownloadStore.Room.ofShare(Integer.MAX_VALUE));
  }
}
