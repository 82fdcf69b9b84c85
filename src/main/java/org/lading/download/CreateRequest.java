package org.lading.download;

import java.util.OptionalLong;
import org.lading.manifest.ManifestRequest;

/**
 * A client's request to create a download.
 *
 * @param root the root under which the download is addressed
 * @param timeoutDays days until the download is deleted, at least 1; bounded by the retention
 * @param isRepeatable whether whoever has the download's id may have it prepared again
 * @param manifest the targets
 */
public record CreateRequest(
    String root, OptionalLong timeoutDays, boolean isRepeatable, ManifestRequest manifest) {}
