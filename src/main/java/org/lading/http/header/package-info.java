/** Parses, evaluates and writes header fields of HTTP, RFC 9110 and related ones. */
@NullMarked
package org.lading.http.header;

import org.jspecify.annotations.NullMarked;
