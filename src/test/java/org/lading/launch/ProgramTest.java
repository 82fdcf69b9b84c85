package org.lading.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {
  @Test
  void help_hasAShortName() throws UsageException {
    Program backup = Program.named("backup");

    assertThat(backup.arguments(List.of("-h"))).containsExactly("backup", "--help");
    assertThat(backup.arguments(List.of("to", "-h"))).containsExactly("backup", "to", "-h");
  }
}
