package org.lading.limit;

/**
 * What bounds the archives that a node sends.
 *
 * @param quotas counts the bytes of each client
 * @param slots lets a number of them be sent at once
 * @param pacer bounds the bytes a second of all together
 */
public record SendingLimits(Limits quotas, ArchiveSlots slots, Pacer pacer) {}
