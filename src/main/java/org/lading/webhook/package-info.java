/** Webhooks: who may be told, and the signed request that tells it. */
@NullMarked
package org.lading.webhook;

import org.jspecify.annotations.NullMarked;
