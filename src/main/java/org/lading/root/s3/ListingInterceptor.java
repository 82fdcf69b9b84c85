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
 * Parses the answers of {@code ListObjectsV2} with {@link ListingUnmarshaller} instead of the SDK's
 * parser. Everything else stays with the SDK: signing, timeouts, errors, bodies that are no
 * listing, and retries; also where a body breaks off, which the SDK itself takes for malformed XML.
 */
final class ListingInterceptor implements ExecutionInterceptor {
  private static final ExecutionAttribute<ListObjectsV2Response> LISTING =
      new ExecutionAttribute<>("LadingListing");

  /**
   * The maximum number of bytes of a body: three times a page of a thousand keys of 1,024 bytes.
   */
  private static final int MAX_BODY_BYTES = 10 << 20;

  /** The body that the SDK parses instead. */
  private static final byte[] EMPTY_LISTING =
      "<ListBucketResult/>".getBytes(StandardCharsets.UTF_8);

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    if (!(context.request() instanceof ListObjectsV2Request)
        || !context.httpResponse().isSuccessful()) {
      return context.responseBody();
    }
    return context.responseBody().map(body -> parse(body, attributes));
  }

  private static InputStream parse(InputStream body, ExecutionAttributes attributes) {
    byte[] bytes = readBody(body);
    if (bytes.length == MAX_BODY_BYTES) {
      return new SequenceInputStream(new ByteArrayInputStream(bytes), body);
    }
    ListObjectsV2Response listing = ListingUnmarshaller.unmarshal(bytes);
    attributes.putAttribute(LISTING, listing);
    return new ByteArrayInputStream(listing == null ? bytes : EMPTY_LISTING);
  }

  /** Reads at most {@link #MAX_BODY_BYTES}; closes the body if it ended before. */
  private static byte[] readBody(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(MAX_BODY_BYTES);
      if (bytes.length < MAX_BODY_BYTES) {
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
