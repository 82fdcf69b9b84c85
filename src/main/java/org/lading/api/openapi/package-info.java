/** The description of the API for programs, and its rendering as a page. */
@NullMarked
package org.lading.api.openapi;

import org.jspecify.annotations.NullMarked;
