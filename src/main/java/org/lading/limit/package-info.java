/**
 * How much those may have who ask: the quotas of clients and of addresses, and the state of each.
 */
@NullMarked
package org.lading.limit;

import org.jspecify.annotations.NullMarked;
