/** The audit log: one line of JSON for each thing that happens to downloads and requests. */
@NullMarked
package org.lading.audit;

import org.jspecify.annotations.NullMarked;
