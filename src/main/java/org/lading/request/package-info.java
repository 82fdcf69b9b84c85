/** Create requests as they come, over HTTP or in a message: the JSON of one, and its roots. */
@NullMarked
package org.lading.request;

import org.jspecify.annotations.NullMarked;
