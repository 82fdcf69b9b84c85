/**
 * Lading: a request for files becomes one zip download. The rooms below this package are described
 * in ARCHITECTURE.md.
 */
@NullMarked
package org.lading;

import org.jspecify.annotations.NullMarked;
