/** Configuration: records, the loader, and all faults of a file collected with their places. */
@NullMarked
package org.lading.config;

import org.jspecify.annotations.NullMarked;
