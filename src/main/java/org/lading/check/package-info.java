/** What a system with given settings would be: asks its parts, and changes nothing in them. */
@NullMarked
package org.lading.check;

import org.jspecify.annotations.NullMarked;
