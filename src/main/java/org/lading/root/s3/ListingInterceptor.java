package org.lading.root.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Has listings read by {@link ListingUnmarshaller} in the SDK's place. All else stays with the SDK:
 * signing, retries, timeouts, errors, and bodies that are no listing.
 */
final class ListingInterceptor implements ExecutionInterceptor {
  private static final ExecutionAttribute<Body> BODY = new ExecutionAttribute<>("LadingListing");
  private static final byte[] NOTHING_LISTED =
      "<ListBucketResult/>".getBytes(StandardCharsets.UTF_8);

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    if (!(context.request() instanceof ListObjectsV2Request)
        || !context.httpResponse().isSuccessful()
        || context.responseBody().isEmpty()) {
      return context.responseBody();
    }
    Body body = new Body(context.responseBody().get());
    attributes.putAttribute(BODY, body);
    return Optional.of(body);
  }

  @Override
  public SdkResponse modifyResponse(
      Context.ModifyResponse context, ExecutionAttributes attributes) {
    Body body = attributes.getAttribute(BODY);
    if (body == null || body.listing == null) {
      return context.response();
    }
    ListObjectsV2Response listing = body.listing;
    return ((ListObjectsV2Response) context.response())
        .toBuilder()
            .isTruncated(listing.isTruncated())
            .nextContinuationToken(listing.nextContinuationToken())
            .contents(listing.contents())
            .commonPrefixes(listing.commonPrefixes())
            .build();
  }

  /**
   * Reads and unmarshals all when the SDK begins to read, so that a connection that breaks does so
   * where the SDK deals with it; then it finds an empty listing, or what was no listing.
   */
  private static final class Body extends InputStream {
    private final InputStream source;
    private @Nullable InputStream rest;
    private @Nullable ListObjectsV2Response listing;

    Body(InputStream source) {
      this.source = source;
    }

    private InputStream rest() throws IOException {
      if (rest == null) {
        byte[] body = source.readAllBytes();
        listing = ListingUnmarshaller.unmarshal(body);
        rest = new ByteArrayInputStream(listing == null ? body : NOTHING_LISTED);
      }
      return rest;
    }

    @Override
    public int read() throws IOException {
      return rest().read();
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      return rest().read(buffer, from, length);
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
