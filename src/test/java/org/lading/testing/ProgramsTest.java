package org.lading.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of tests whose programs are missing. */
class ProgramsTest {
  @TempDir Path directory;

  @Test
  void program_isTheFirstOfThePathThatCanBeRun() throws IOException {
    Path first = Files.createDirectory(directory.resolve("1"));
    Path second = Files.createDirectory(directory.resolve("2"));
    Files.writeString(first.resolve("tool-a"), "cannot be run");
    Path runs = program(second.resolve("tool-a"));
    Files.createDirectory(second.resolve("tool-b"));
    Programs programs = programs(first + "::" + second, false);

    assertThat(programs.get("tool-a")).isEqualTo(runs);
    assertThat(programs.missing("tool-a", "tool-b", "tool-c")).containsExactly("tool-b", "tool-c");
    assertThatThrownBy(() -> programs.get("tool-c")).hasMessageContaining("tool-c is not in");
  }

  @Test
  void missingProgram_skipsTheTest_andIsRecorded() throws IOException {
    Programs programs = programs("", false);
    program(directory.resolve("there"));
    programs(directory.toString(), false).require("a.Test", "there");
    assertThat(record()).doesNotExist();

    assertThatThrownBy(() -> programs.require("a.Test.method", "tool-a", "tool-b"))
        .satisfies(ProgramsTest::requireAborted)
        .hasMessageContaining("a.Test.method needs tool-a, tool-b, which is not in PATH");
    assertThatThrownBy(() -> programs.require("b.Test", "tool-b"))
        .satisfies(ProgramsTest::requireAborted);

    assertThat(record()).hasContent("a.Test.method tool-a tool-b\nb.Test tool-b\n");
  }

  @Test
  void missingProgram_whereAllAreRequired_failsTheTest() {
    assertThatThrownBy(() -> programs("", true).require("a.Test", "tool-a"))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "a.Test needs tool-a, which is not in PATH (on Debian: apt-get install tool-a).");
    assertThat(record()).doesNotExist();
  }

  @Test
  void list_namesTestsProgramsAndPackages_eachOnce() {
    assertThat(
            TestsNotRun.text(
                List.of("b.Test 7z", "a.Test nginx zipinfo", "b.Test 7z", "c.Test unzip")))
        .isEqualTo(
            """

            NOT RUN, since these programs are missing here: 7z, nginx, unzip, zipinfo
              a.Test (nginx zipinfo)
              b.Test (7z)
              c.Test (unzip)

            On Debian these packages bring them: apt-get install nginx-light p7zip-full unzip
            With -Dtools=required these tests fail instead.

            """);
  }

  private Programs programs(String path, boolean isRequired) {
    return new Programs(path, isRequired, record().toString());
  }

  private Path record() {
    return directory.resolve("record");
  }

  private static void requireAborted(Throwable thrown) {
    assertThat(thrown.getClass().getSimpleName()).isEqualTo("TestAbortedException");
  }

  private static Path program(Path file) throws IOException {
    Files.writeString(file, "#!/bin/sh\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
