package org.lading.testing;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides whether tests run that are marked with {@link NeedsProgram}. */
final class NeedsProgramCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String[] needed =
        context.getElement().stream()
            .flatMap(NeedsProgramCondition::programs)
            .toArray(String[]::new);
    List<String> missing = Programs.HERE.missing(needed);
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("The programs that it needs are there.");
    }
    String test =
        context.getRequiredTestClass().getName()
            + context.getTestMethod().map(Method::getName).map(name -> "." + name).orElse("");
    return ConditionEvaluationResult.disabled(Programs.HERE.leaveOut(test, missing));
  }

  /** What the annotation says, be it of the element itself or of another annotation of it. */
  private static Stream<String> programs(AnnotatedElement element) {
    return Stream.of(element.getAnnotations())
        .map(
            annotation ->
                annotation instanceof NeedsProgram needs
                    ? needs
                    : annotation.annotationType().getAnnotation(NeedsProgram.class))
        .filter(Objects::nonNull)
        .flatMap(needs -> Stream.of(needs.value()));
  }
}
