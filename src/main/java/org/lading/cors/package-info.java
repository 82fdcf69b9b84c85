/** Answers to browsers that ask for pages of other origins. */
@NullMarked
package org.lading.cors;

import org.jspecify.annotations.NullMarked;
