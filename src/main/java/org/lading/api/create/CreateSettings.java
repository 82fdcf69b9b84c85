package org.lading.api.create;

import java.time.Duration;

/**
 * The settings of the creation of downloads.
 *
 * @param maxBodyBytes the maximum number of bytes of a request body
 * @param maxTargets the maximum number of targets of a request
 * @param defaultWait the time that a client waits for a download if its request states no
 *     preference
 */
public record CreateSettings(long maxBodyBytes, int maxTargets, Duration defaultWait) {}
