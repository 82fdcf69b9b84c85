package org.lading.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class PrintableExceptionTest {
  @Test
  void messages_ofAllCauses_arePrintableAndCut() {
    Exception cause = new NoSuchFileException("a\nSEVERE: b" + "x".repeat(100_000));
    cause.addSuppressed(new IllegalStateException("c\rSEVERE: d"));
    Exception original = new IllegalArgumentException("e\u2028f", cause);

    String logged = text(PrintableException.of(original));

    assertThat(logged)
        .startsWith("java.lang.IllegalArgumentException: e\\u2028f")
        .contains("Caused by: java.nio.file.NoSuchFileException: a\\u000aSEVERE: bxxx")
        .contains("Suppressed: java.lang.IllegalStateException: c\\u000dSEVERE: d")
        .contains("at " + getClass().getName() + ".messages_ofAllCauses_arePrintableAndCut")
        .hasSizeLessThan(20_000);
  }

  @Test
  void causes_inACircle_end() {
    Exception one = new Exception("one");
    Exception two = new Exception("two", one);
    one.initCause(two);
    assertThat(text(PrintableException.of(one))).contains("one", "two");
  }

  private static String text(Exception printed) {
    StringWriter text = new StringWriter();
    printed.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
