package org.lading.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.lading.testing.Documents;

/** The table of the generator's options is what the generator takes. */
class NginxOptionsDocumentTest {
  private final Map<String, String> documented =
      Documents.byCode(Documents.table("docs/install.md", "<!-- nginx options -->"));

  @Test
  void options_areThoseThatAreTaken() {
    ByteArrayOutputStream usage = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(usage, true, StandardCharsets.UTF_8);
    Main.run(List.of(), Map.of(), err, err);
    TreeSet<String> taken = new TreeSet<>();
    Pattern.compile("(?m)^  (--[a-z0-9-]+) ")
        .matcher(usage.toString(StandardCharsets.UTF_8).split("\nusage, to check ", 2)[0])
        .results()
        .forEach(option -> taken.add(option.group(1)));
    assertThat(documented.keySet()).isEqualTo(taken).hasSize(NginxOption.values().length);
  }

  @Test
  void defaults_areThoseThatHold() {
    for (NginxOption option : NginxOption.values()) {
      String byDefault = option.byDefault();
      if (byDefault != null) {
        assertThat(documented).containsEntry(option.text(), "`" + byDefault + "`");
      } else if (!option.hasValue()) {
        assertThat(documented).containsEntry(option.text(), "no");
      }
    }
    assertThat(NginxOptions.DEFAULTS.publicListen()).containsExactly("80");
    assertThat(documented).containsEntry("--listen", "`80`, with a certificate `443`");
  }
}
