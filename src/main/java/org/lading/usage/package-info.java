/**
 * The report of what was delivered: joins the lines of the audit log and of nginx's, and counts by
 * download, by root and by file. A program of its own, which no running Lading needs.
 */
@NullMarked
package org.lading.usage;

import org.jspecify.annotations.NullMarked;
