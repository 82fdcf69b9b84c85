/** Checks an installation from outside, through the public address of its nginx. */
@NullMarked
package org.lading.nginx.check;

import org.jspecify.annotations.NullMarked;
