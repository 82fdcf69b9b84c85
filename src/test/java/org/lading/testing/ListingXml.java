package org.lading.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds the XML of a ListObjectsV2 answer, with keys encoded as S3 does when asked to. */
public final class ListingXml {
  private final StringBuilder body = new StringBuilder();
  private @Nullable String nextToken;

  /** Adds an object of the storage class STANDARD. */
  public ListingXml object(String key, long size) {
    return object(key, size, "STANDARD", "");
  }

  /** Adds an object; {@code extra} is more XML inside of it. */
  public ListingXml object(String key, long size, String storageClass, String extra) {
    body.append("<Contents><Key>")
        .append(URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/"))
        .append("</Key><LastModified>2026-02-03T04:05:06.000Z</LastModified>")
        .append("<ETag>&quot;abc&quot;</ETag><Size>")
        .append(size)
        .append("</Size><StorageClass>")
        .append(storageClass)
        .append("</StorageClass>")
        .append(extra)
        .append("</Contents>");
    return this;
  }

  /** Adds a common prefix. */
  public ListingXml prefix(String prefix) {
    body.append("<CommonPrefixes><Prefix>").append(prefix).append("</Prefix></CommonPrefixes>");
    return this;
  }

  /** Says that another page follows, with this token. */
  public ListingXml next(String token) {
    nextToken = token;
    return this;
  }

  @Override
  public String toString() {
    String more =
        nextToken == null
            ? "<IsTruncated>false</IsTruncated>"
            : "<IsTruncated>true</IsTruncated><NextContinuationToken>"
                + nextToken
                + "</NextContinuationToken>";
    return "<ListBucketResult><EncodingType>url</EncodingType>"
        + more
        + body
        + "</ListBucketResult>";
  }
}
