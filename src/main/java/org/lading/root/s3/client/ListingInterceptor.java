package org.lading.root.s3.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
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
public final class ListingInterceptor implements ExecutionInterceptor {
  private static final ExecutionAttribute<ListObjectsV2Response> LISTING =
      new ExecutionAttribute<>("LadingListing");

  /** The maximum number of bytes of a body: a page of a thousand keys of 1,024 bytes has 3.6 MB. */
  private static final int MAX_BODY_BYTES = 5 << 20;

  /** The maximum number of bytes of a body of the usual size. */
  private static final int MAX_USUAL_BYTES = 1 << 20;

  /** The permit to hold a larger body, one at a time in all roots. */
  private static final Semaphore large = new Semaphore(1);

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
    boolean isLarge = false;
    try {
      byte[] bytes = body.readNBytes(MAX_USUAL_BYTES);
      if (bytes.length == MAX_USUAL_BYTES) {
        large.acquire();
        isLarge = true;
        bytes = withRest(bytes, body);
      }
      body.close();
      ListObjectsV2Response listing = ListingUnmarshaller.unmarshal(bytes);
      attributes.putAttribute(LISTING, listing);
      int parsed = Math.min(bytes.length, AnswerLimits.MAX_PARSED_BYTES);
      return listing == null
          ? new ByteArrayInputStream(bytes, 0, parsed)
          : new ByteArrayInputStream(EMPTY_LISTING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted before a listing was read", e);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw AbortedException.create("interrupted while a listing was read", e);
      }
      throw RetryableException.create("The listing broke off", e);
    } finally {
      if (isLarge) {
        large.release();
      }
    }
  }

  private static byte[] withRest(byte[] beginning, InputStream body) throws IOException {
    byte[] bytes = Arrays.copyOf(beginning, MAX_BODY_BYTES);
    int more = body.readNBytes(bytes, beginning.length, bytes.length - beginning.length);
    if (beginning.length + more == MAX_BODY_BYTES) {
      AnswerLimits.abort(body);
      throw new OversizedAnswerException(
          "gives pages of listings with " + MAX_BODY_BYTES + " bytes and more");
    }
    return Arrays.copyOf(bytes, beginning.length + more);
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
