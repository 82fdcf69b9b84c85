/** What runs in the background, on db-scheduler: preparing downloads, removing expired ones. */
@NullMarked
package org.lading.job;

import org.jspecify.annotations.NullMarked;
