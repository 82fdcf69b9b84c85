package org.lading.manifest.names;

import org.jspecify.annotations.Nullable;

/**
 * A name in an archive that some systems take for that of another entry.
 *
 * @param name the name
 * @param other the earlier name; null if so many names lie between them that it was forgotten
 */
public record SimilarName(String name, @Nullable String other) {}
