/**
 * Who may have what: clients with their tokens and passwords, public roots, and what one request is
 * granted.
 */
@NullMarked
package org.lading.access;

import org.jspecify.annotations.NullMarked;
