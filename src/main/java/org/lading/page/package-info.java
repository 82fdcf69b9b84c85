/**
 * Pages for people: the HTML that all of them share, and their sentences, in the languages that
 * there are.
 */
@NullMarked
package org.lading.page;

import org.jspecify.annotations.NullMarked;
