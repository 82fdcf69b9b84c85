/** Background tasks on db-scheduler: the preparation of downloads, and recurring upkeep. */
@NullMarked
package org.lading.job;

import org.jspecify.annotations.NullMarked;
