/** Downloads and their states, the service that serves them, and the ports of store and jobs. */
@NullMarked
package org.lading.download;

import org.jspecify.annotations.NullMarked;
