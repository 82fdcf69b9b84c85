package org.lading.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The text of an answer, which is written without data binding. */
class AnswerWriterTest {
  @Test
  void json_writesWhatDataBindingWrites() throws Exception {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("entries", 5_000_000_000L);
    inner.put("empty", Map.of());
    inner.put("nothing", null);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("text", "a\"b\\c/d\n\t\r\u0000\u001f\u007f \u00e4\u2028\ud83d\ude00<>&'");
    answer.put("half of a surrogate pair", "\ud83d");
    answer.put("", "");
    answer.put("key \"\u00e4\n", 0);
    answer.put("number", -17);
    answer.put("real", 1.5e300);
    answer.put("true", true);
    answer.put("null", null);
    answer.put("inner", inner);
    answer.put("list", List.of(1, "x", Map.of(), List.of()));
    answer.put("long", "\u00e4\"x".repeat(10_000));

    assertThat(AnswerWriter.json(answer)).isEqualTo(new ObjectMapper().writeValueAsString(answer));
    assertThat(AnswerWriter.json(Map.of())).isEqualTo("{}");
  }

  @Test
  void json_ofWhatIsNotPlainData_throws() {
    for (Object other : List.of(Instant.EPOCH, List.of(new Object()), new Object())) {
      assertThatThrownBy(() -> AnswerWriter.json(Map.of("a", other)))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
