package org.lading.root.s3.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.lading.base.BulkInputStream;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * Limits the bodies that the SDK reads as a whole: all but those of objects, and those of listings,
 * which {@link ListingInterceptor} reads. Of an error that is longer, which no store needs, the
 * beginning is left: the status still tells what it is.
 */
public final class AnswerLimits implements ExecutionInterceptor {
  /**
   * The maximum number of bytes of an answer that the SDK parses into a tree: some times what S3
   * has to say, and too little for elements so deep that the parser would run out of stack.
   */
  static final int MAX_PARSED_BYTES = 16 * 1024;

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    boolean isReadElsewhere =
        context.httpResponse().isSuccessful()
            && (context.request() instanceof GetObjectRequest
                || context.request() instanceof ListObjectsV2Request);
    return isReadElsewhere
        ? context.responseBody()
        : context.responseBody().map(LimitedInputStream::new);
  }

  /** Ends the connection of a body that is not read further, since to close it would read on. */
  static void abort(InputStream body) {
    if (body instanceof Abortable open) {
      open.abort();
    }
  }

  private static final class LimitedInputStream extends BulkInputStream {
    private final InputStream body;
    private int left = MAX_PARSED_BYTES;

    LimitedInputStream(InputStream body) {
      this.body = body;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
      if (left == 0) {
        abort(body);
        return -1;
      }
      int count = body.read(buffer, start, Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }

    @Override
    public void close() throws IOException {
      if (left == 0) {
        abort(body);
      }
      body.close();
    }
  }
}
