/**
 * The bodies of requests: read without a thread that waits for them, bounded in size, number and
 * time, and refused before they are read where nobody may send one.
 */
@NullMarked
package org.lading.body;

import org.jspecify.annotations.NullMarked;
