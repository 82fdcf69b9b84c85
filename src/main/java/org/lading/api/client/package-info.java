/** What clients may do with the downloads that they asked for. */
@NullMarked
package org.lading.api.client;

import org.jspecify.annotations.NullMarked;
