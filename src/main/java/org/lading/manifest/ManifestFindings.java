package org.lading.manifest;

/**
 * What the making of a request's entries has found beside them.
 *
 * @param omitted the number of what was left out of directories because it cannot be delivered; if
 *     there is any, the last entry is a text that lists it
 * @param renamed the names that are not those of the request or the sources
 */
public record ManifestFindings(long omitted, Renamings renamed) {}
