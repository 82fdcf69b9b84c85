/** Downloads that nobody creates with a call: each belongs to what a plain link asks for. */
@NullMarked
package org.lading.download.link;

import org.jspecify.annotations.NullMarked;
