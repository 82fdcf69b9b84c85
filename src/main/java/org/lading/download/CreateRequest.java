package org.lading.download;

import java.util.OptionalLong;
import org.lading.manifest.ManifestRequest;

/**
 * What a client asks for.
 *
 * @param root the root under which the download is addressed
 * @param timeoutDays days until it is deleted, at least 1; the configured retention is the most
 * @param manifest what goes in
 */
public record CreateRequest(String root, OptionalLong timeoutDays, ManifestRequest manifest) {}
