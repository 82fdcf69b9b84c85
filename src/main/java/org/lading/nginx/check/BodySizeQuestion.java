package org.lading.nginx.check;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks whether a create request may be as large in nginx as in Lading. */
final class BodySizeQuestion {
  private static final String SUBJECT = "body size";
  private static final int CONTENT_TOO_LARGE = 413;

  private BodySizeQuestion() {}

  /** Announces the largest body that Lading takes, and sends none of it. */
  static Finding ask(Installation installation) {
    long limit = installation.configuration().create().maxBodyBytes();
    AnnouncedBody body = new AnnouncedBody(limit);
    Answer answer = installation.door().announceCreate(body);
    String bytes = limit + " bytes (limits.body)";
    if (body.isWanted()) {
      return Finding.ok(SUBJECT, "nginx takes requests of " + bytes);
    }
    if (answer.status() == CONTENT_TOO_LARGE) {
      return Finding.fault(
          SUBJECT,
          "nginx refuses requests of %s: set client_max_body_size, or generate the configuration"
                  .formatted(bytes)
              + " anew");
    }
    return Finding.unknown(
        SUBJECT, "nginx did not tell whether it takes %s: %s".formatted(bytes, answer.inWords()));
  }

  /** A body that is never sent, and knows whether the server asked for it. */
  private static final class AnnouncedBody implements BodyPublisher {
    private final long length;
    private final AtomicBoolean wanted = new AtomicBoolean();

    AnnouncedBody(long length) {
      this.length = length;
    }

    boolean isWanted() {
      return wanted.get();
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long n) {
              if (!wanted.getAndSet(true)) {
                subscriber.onError(new IOException("the server asked for the body"));
              }
            }

            @Override
            public void cancel() {
              // Nothing is being sent.
            }
          });
    }
  }
}
