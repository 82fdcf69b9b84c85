/** Downloads, their states, the service around them, and the ports that the store implements. */
@NullMarked
package org.lading.download;

import org.jspecify.annotations.NullMarked;
