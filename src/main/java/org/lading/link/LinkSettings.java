package org.lading.link;

import java.time.Duration;

/**
 * The settings of plain links.
 *
 * @param reuse the time for which the archive of a link is given again without a look at its
 *     sources, where a look costs as much as making it anew
 */
public record LinkSettings(Duration reuse) {}
