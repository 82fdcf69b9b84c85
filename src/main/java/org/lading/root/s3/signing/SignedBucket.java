package org.lading.root.s3.signing;

import java.time.Duration;

/**
 * The settings of a root that its presigned URLs depend on.
 *
 * @param root the name of the root, for the sentences of failures
 * @param bucket the bucket
 * @param pathStyle whether the bucket is in the path of URLs, and not in their host name
 * @param urlExpiry the time for which a URL is valid
 * @param requesterPays whether the requester pays for the transfer
 */
public record SignedBucket(
    String root, String bucket, boolean pathStyle, Duration urlExpiry, boolean requesterPays) {}
