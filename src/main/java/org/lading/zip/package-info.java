/** The ZIP format, stored members only: layout, records, and any byte range of an archive. */
@NullMarked
package org.lading.zip;

import org.jspecify.annotations.NullMarked;
