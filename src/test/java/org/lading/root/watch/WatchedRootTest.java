package org.lading.root.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lading.root.Root;

/** The watch stands before every root. */
class WatchedRootTest {
  /** Its default is a call of another method. */
  private static final String SHORT_FORM = "open(Item,long)";

  @Test
  void everyMethodOfARoot_isPassedOn() {
    assertThat(signatures(WatchedRoot.class))
        .containsAll(
            signatures(Root.class).stream().filter(one -> !one.equals(SHORT_FORM)).toList());
  }

  private static Set<String> signatures(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .map(WatchedRootTest::signature)
        .collect(Collectors.toSet());
  }

  private static String signature(Method method) {
    return Stream.of(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }
}
