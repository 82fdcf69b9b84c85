package org.lading.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a class whose tests all run on a database of PostgreSQL rather than the embedded one, as
 * far as they start {@link LadingServer}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PostgresExtension.class)
@NeedsProgram(Programs.UNSHARE)
public @interface OnPostgres {}
