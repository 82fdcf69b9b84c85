/**
 * What can go wrong, as callers see it: the codes, the exception that carries one, and its
 * rendering.
 */
@NullMarked
package org.lading.error;

import org.jspecify.annotations.NullMarked;
