/** Export requests that come as AMQP 0.9.1 messages, and the messages that answer them. */
@NullMarked
package org.lading.amqp;

import org.jspecify.annotations.NullMarked;
