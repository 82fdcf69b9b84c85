package org.lading.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that start programs of this machine, as {@link Programs} finds them. Where one is
 * missing they are skipped, and listed at the end of {@code mvn verify}; with {@code
 * -Dtools=required} they fail.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(NeedsProgramCondition.class)
public @interface NeedsProgram {
  /** The name of each program. */
  String[] value();
}
