package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.DirectoryPage;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.DirectoryPage.Kind;
import org.lading.root.DirectoryPage.Obstacle;
import org.lading.testing.ListingXml;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;

/** The pages of directories of stores with markers, odd keys, and an order of their own. */
class S3PageTest {
  @Test
  void page_isOneRequestOfTheStore() throws IOException {
    ListingXml first = new ListingXml().prefix("p/d/x/").object("p/d/b", 1).next("t1");
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.ok(first.toString()));
        S3Root root = root(store)) {
      DirectoryPage page = root.page("d", "", 2);
      root.page("d", "t0", 500);

      assertThat(page.next()).isEqualTo("t1");
      assertThat(page.children()).extracting(Child::name).containsExactly("x", "b");
      assertThat(store.requests()).hasSize(2);
      assertThat(store.requests().get(0).query())
          .containsEntry("max-keys", "2")
          .containsEntry("delimiter", "/")
          .containsEntry("prefix", "p/d/")
          .doesNotContainKey("continuation-token");
      assertThat(store.requests().get(1).query())
          .containsEntry("max-keys", "500")
          .containsEntry("continuation-token", "t0");
    }
  }

  @Test
  void markersOfDirectories_areNoFiles() throws IOException {
    String listing =
        new ListingXml()
            .object("p/d/", 0)
            .object("p/d/a", 0)
            .object("p/d/hadoop_$folder$", 0)
            .object("p/d/z", 0)
            .prefix("p/d/a/")
            .prefix("p/d/hadoop/")
            .toString();
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.ok(listing));
        S3Root root = root(store)) {
      assertThat(root.page("d", "", 500).children())
          .extracting(Child::kind, Child::name)
          .containsExactly(
              tuple(Kind.DIRECTORY, "a"), tuple(Kind.DIRECTORY, "hadoop"), tuple(Kind.FILE, "z"));
    }
  }

  @Test
  void keysThatNoPathCanHave_areShown_butCannotBeAskedFor() throws IOException {
    String listing =
        new ListingXml()
            .prefix("p/d//")
            .prefix("p/d/../")
            .object("p/d/..", 3)
            .object("p/d/fine", 4)
            .toString();
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.ok(listing));
        S3Root root = root(store)) {
      assertThat(root.page("d", "", 500).children())
          .extracting(Child::name, Child::obstacle)
          .containsExactly(
              tuple("..", Obstacle.NAME),
              tuple("", Obstacle.NAME),
              tuple("..", Obstacle.NAME),
              tuple("fine", null));
    }
  }

  @Test
  void pageOfAStoreWithAnotherOrder_isSorted() throws IOException {
    String listing =
        new ListingXml()
            .object("p/c", 1)
            .object("p/a", 1)
            .object("p/a", 1)
            .prefix("p/z/")
            .prefix("p/b/")
            .toString();
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.ok(listing));
        S3Root root = root(store)) {
      assertThat(root.page("", "", 500).children())
          .extracting(Child::name)
          .containsExactly("b", "z", "a", "c");
    }
  }

  @Test
  void tokenThatTheStoreRefuses_isNoPage_andTheStoreIsWell() throws IOException {
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.error(400, "InvalidArgument"));
        S3Root root = root(store)) {
      assertThatThrownBy(() -> root.page("", "forged", 500))
          .isInstanceOfSatisfying(
              LadingException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.MISSING_OR_INVALID_TARGET);
                assertThat(e.sentence()).isEqualTo("There is no page 'forged'");
              });
    }
  }

  @Test
  void storeThatListsAnotherPlace_isNotBelieved() throws IOException {
    String listing = new ListingXml().object("other/secret", 1).toString();
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.ok(listing));
        S3Root root = root(store)) {
      assertThatThrownBy(() -> root.page("d", "t", 500))
          .isInstanceOfSatisfying(
              LadingException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
    }
  }

  private static S3Root root(ScriptedS3 store) {
    return new S3Root(TestSettings.at(store.endpoint()).region("us-east-1").prefix("p").build());
  }
}
