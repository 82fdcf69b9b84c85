/** Whether the parts of a node answer, and whether it can take requests. */
@NullMarked
package org.lading.health;

import org.jspecify.annotations.NullMarked;
