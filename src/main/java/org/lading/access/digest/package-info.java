/** HTTP Digest authentication, RFC 7616, with {@code qop=auth}. Knows nothing of requests. */
@NullMarked
package org.lading.access.digest;

import org.jspecify.annotations.NullMarked;
