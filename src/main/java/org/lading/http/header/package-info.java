/** Header fields of RFC 9110 and their neighbours: parsed, compared, written. */
@NullMarked
package org.lading.http.header;

import org.jspecify.annotations.NullMarked;
