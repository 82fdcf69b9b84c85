/**
 * Failures as callers see them: the error codes, the exception that carries one, and the answer
 * that renders it.
 */
@NullMarked
package org.lading.error;

import org.jspecify.annotations.NullMarked;
