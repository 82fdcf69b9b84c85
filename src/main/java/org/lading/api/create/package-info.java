/** The resource that creates downloads: reads requests and authorizes clients. */
@NullMarked
package org.lading.api.create;

import org.jspecify.annotations.NullMarked;
