package org.lading.download.link;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The downloads of a link.
 *
 * @param key the key of the link
 * @param current the id of the download that is given
 * @param next the id of the one that is prepared to take its place, or null
 * @param checked the time when the sources of the current one were last listed; {@link
 *     Instant#EPOCH} if it is known that they have changed since
 */
public record StoredLink(String key, String current, @Nullable String next, Instant checked) {}
