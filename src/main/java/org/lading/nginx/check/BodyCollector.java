package org.lading.nginx.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects a body, and keeps what has come of one that breaks off. */
final class BodyCollector implements HttpResponse.BodySubscriber<BodyCollector.Body> {
  /** The maximum number of bytes of a body; the archives of the check are smaller. */
  private static final int MAX_BYTES = 96 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Body> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  /** A body, and why it is not whole if it is not. */
  static final class Body {
    private final byte[] bytes;
    private final @Nullable Throwable failure;

    Body(byte[] bytes, @Nullable Throwable failure) {
      this.bytes = bytes;
      this.failure = failure;
    }

    byte[] bytes() {
      return bytes;
    }

    @Nullable Throwable failure() {
      return failure;
    }
  }

  @Override
  public CompletionStage<Body> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.writeBytes(part);
    }
    if (bytes.size() > MAX_BYTES && subscription != null) {
      subscription.cancel();
      onError(new IOException("the body has more than " + MAX_BYTES + " bytes"));
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.complete(new Body(bytes.toByteArray(), failure));
  }

  @Override
  public void onComplete() {
    body.complete(new Body(bytes.toByteArray(), null));
  }
}
