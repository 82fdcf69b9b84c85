package org.lading.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Programs;

/** The files for systemd, as the programs of systemd read them. */
class SystemdUnitTest {
  private static final Path EXAMPLES = Path.of("conf-examples").toAbsolutePath();

  @TempDir Path directory;

  @Test
  @NeedsProgram("systemd-analyze")
  void unit_isVerified_andHardened() throws Exception {
    Path unit = directory.resolve("lading.service");
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    Files.writeString(
        unit, Files.readString(EXAMPLES.resolve("lading.service")).replace("/usr/bin/java", java));

    assertThat(run("systemd-analyze", "verify", "--man=no", unit.toString())).isEmpty();
    // Of 100: 96 is a unit without any line for it.
    assertThat(
            run(
                "systemd-analyze",
                "security",
                "--offline=true",
                "--threshold=25",
                "--no-pager",
                unit.toString()))
        .contains("lading.service");
  }

  @Test
  @NeedsProgram({"systemd-sysusers", "systemd-tmpfiles"})
  void user_andDirectories_areMade() throws Exception {
    Files.createDirectories(directory.resolve("etc"));
    String root = "--root=" + directory;
    String user = run("systemd-sysusers", root, example("lading.sysusers.conf"));
    assertThat(user).contains("'lading'");
    assertThat(directory.resolve("etc/passwd"))
        .content()
        .startsWith("lading:x:")
        .contains(":/var/lib/lading:/usr/sbin/nologin");
    if ("root".equals(System.getProperty("user.name"))) {
      // Nobody else can give a directory to that user.
      assertThat(run("systemd-tmpfiles", root, "--create", example("lading.tmpfiles.conf")))
          .isEmpty();
      assertThat(PosixFilePermissions.toString(permissions("etc/lading"))).isEqualTo("rwxr-x---");
      assertThat(PosixFilePermissions.toString(permissions("var/lib/lading")))
          .isEqualTo("rwxr-xr-x");
      assertThat(PosixFilePermissions.toString(permissions("var/log/lading")))
          .isEqualTo("rwxr-x---");
    }
  }

  private Set<PosixFilePermission> permissions(String below) throws IOException {
    return Files.getPosixFilePermissions(directory.resolve(below));
  }

  private static String example(String name) {
    return EXAMPLES.resolve(name).toString();
  }

  private static String run(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Programs.HERE.get(program).toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
