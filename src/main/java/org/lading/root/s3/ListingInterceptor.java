package org.lading.root.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Has listings read by {@link ListingUnmarshaller} in the SDK's place. All else stays with the SDK:
 * signing, timeouts, errors, bodies that are no listing, and retries, also where a body breaks off,
 * which the SDK takes for bad XML otherwise.
 */
final class ListingInterceptor implements ExecutionInterceptor {
  private static final ExecutionAttribute<ListObjectsV2Response> LISTING =
      new ExecutionAttribute<>("LadingListing");

  /** Bytes of a body, three times as many as a page of a thousand of the longest keys can have. */
  private static final int MOST = 10 << 20;

  /** What the SDK is given to read instead. */
  private static final byte[] NOTHING_LISTED =
      "<ListBucketResult/>".getBytes(StandardCharsets.UTF_8);

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    if (!(context.request() instanceof ListObjectsV2Request)
        || !context.httpResponse().isSuccessful()) {
      return context.responseBody();
    }
    return context.responseBody().map(body -> read(body, attributes));
  }

  private static InputStream read(InputStream body, ExecutionAttributes attributes) {
    byte[] bytes = readMost(body);
    if (bytes.length == MOST) {
      return new SequenceInputStream(new ByteArrayInputStream(bytes), body);
    }
    ListObjectsV2Response listing = ListingUnmarshaller.unmarshal(bytes);
    attributes.putAttribute(LISTING, listing);
    return new ByteArrayInputStream(listing == null ? bytes : NOTHING_LISTED);
  }

  /** Closes the body if that was all. */
  private static byte[] readMost(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(MOST);
      if (bytes.length < MOST) {
        body.close();
      }
      return bytes;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw AbortedException.create("interrupted while a listing was read", e);
      }
      throw RetryableException.create("The listing broke off", e);
    }
  }

  @Override
  public SdkResponse modifyResponse(
      Context.ModifyResponse context, ExecutionAttributes attributes) {
    ListObjectsV2Response listing = attributes.getAttribute(LISTING);
    if (listing == null) {
      return context.response();
    }
    return ((ListObjectsV2Response) context.response())
        .toBuilder()
            .isTruncated(listing.isTruncated())
            .nextContinuationToken(listing.nextContinuationToken())
            .contents(listing.contents())
            .commonPrefixes(listing.commonPrefixes())
            .build();
  }
}
