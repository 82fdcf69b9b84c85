/** The servlet filter that answers requests for a download, and the headers of its replies. */
@NullMarked
package org.lading.http;

import org.jspecify.annotations.NullMarked;
