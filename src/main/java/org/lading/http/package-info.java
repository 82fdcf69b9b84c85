/** The servlet filter that replies to requests for a download: with its manifest or its archive. */
@NullMarked
package org.lading.http;

import org.jspecify.annotations.NullMarked;
