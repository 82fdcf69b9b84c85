/** ZIP archives of stored members: layout, records, and streams of any byte range. */
@NullMarked
package org.lading.zip;

import org.jspecify.annotations.NullMarked;
