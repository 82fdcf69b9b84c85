/** The reply that is the archive itself, or ranges of it, streamed without holding a thread. */
@NullMarked
package org.lading.http.archive;

import org.jspecify.annotations.NullMarked;
