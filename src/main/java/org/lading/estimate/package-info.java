/** What a create would do, found out without storing anything. */
@NullMarked
package org.lading.estimate;

import org.jspecify.annotations.NullMarked;
