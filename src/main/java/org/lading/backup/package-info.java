/** Backups of what a Lading has stored, and its way from one database to another. */
@NullMarked
package org.lading.backup;

import org.jspecify.annotations.NullMarked;
