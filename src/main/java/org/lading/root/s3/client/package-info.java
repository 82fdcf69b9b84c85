/**
 * What the SDK's client does otherwise than by itself: how much of an answer it reads, how it reads
 * listings and times, on which threads it runs; and what is learned from the answers of a store.
 */
@NullMarked
package org.lading.root.s3.client;

import org.jspecify.annotations.NullMarked;
