/** Reads create requests and carries them out for the clients who may ask. */
@NullMarked
package org.lading.api.create;

import org.jspecify.annotations.NullMarked;
