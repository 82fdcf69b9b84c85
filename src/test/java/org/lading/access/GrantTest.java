package org.lading.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantTest {
  private static final Set<String> PUBLIC = Set.of("public");
  private static final Client PORTAL =
      new Client("portal", null, null, Map.of(), List.of("files", "objects"));

  @Test
  void everybody_hasThePublicRootsOnly() {
    Grant grant = Grant.ofEverybody(PUBLIC);

    assertThat(grant.covers("public", "")).isTrue();
    assertThat(grant.covers("public", "a/b.txt")).isTrue();
    assertThat(grant.covers("files", "a")).isFalse();
    assertThat(grant.client()).isEqualTo("public");
  }

  @Test
  void client_hasItsRootsToo() {
    Grant grant = Grant.ofClient(PUBLIC, PORTAL);

    assertThat(List.of("public", "files", "objects")).allMatch(root -> grant.covers(root, "a"));
    assertThat(grant.covers("other", "a")).isFalse();
    assertThat(grant.client()).isEqualTo("portal");
  }

  @ParameterizedTest
  @CsvSource({
    "files, a/b, files, a/b, true",
    "files, /a/b/, files, a/b, true",
    "files, a/b, files, //a//b//c/d.txt, true",
    "files, a/b, files, a/bc, false",
    "files, a/b, files, a, false",
    "files, a/b, files, '', false",
    "files, a/b, files, A/B, false",
    "files, a/b, files, a/b/../c, false",
    "files, a/b, files, a/b/./c, false",
    "files, a/b, files, .., false",
    "files, a/b, objects, a/b, false",
    "files, '', files, '', true",
    "files, '', files, any/thing, true",
    "files, /, files, any/thing, true",
    "other, '', other, a, false",
    "files, a/b, public, c, true",
    "files, a/b, public, c/.., false",
  })
  void scope_coversWhatIsBelow_bySegments(
      String root, String below, String askedRoot, String path, boolean expected) {
    Grant grant = Grant.ofScope(PUBLIC, PORTAL, Grant.Scope.of(root, below));

    assertThat(grant.covers(askedRoot, path)).isEqualTo(expected);
  }

  @Test
  void create_coversNothingButItsOwnRequest() {
    Grant grant = Grant.ofCreate(PUBLIC, PORTAL, "{}");

    assertThat(grant.covers("files", "a")).isFalse();
    assertThat(grant.covers("public", "a")).isTrue();
    assertThat(grant.mayCreateFrom("files")).isTrue();
    assertThat(grant.mayCreateFrom("other")).isFalse();
    assertThat(grant.createBody()).isEqualTo("{}");
  }
}
