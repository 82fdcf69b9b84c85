package org.lading.root.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Printable;
import org.lading.root.Item;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads an object whose ETag must stay what it was; a body that breaks is taken up where it broke,
 * a few times in a row at most.
 */
final class ResumingObjectStream extends InputStream {
  private static final Logger log = LoggerFactory.getLogger(ResumingObjectStream.class);

  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;
  private static final int FAILURES_IN_A_ROW = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final S3Settings settings;
  private final Failures failures;
  private final S3Client client;
  private final Item item;
  private long position;
  private int failed;
  private @Nullable ResponseInputStream<GetObjectResponse> body;

  ResumingObjectStream(
      S3Settings settings, Failures failures, S3Client client, Item item, long position) {
    this.settings = settings;
    this.failures = failures;
    this.client = client;
    this.item = item;
    this.position = position;
  }

  /** Asks for the object now, so that what is wrong with it is known before it is read. */
  ResumingObjectStream opened() {
    if (position < item.size()) {
      body = get();
    }
    return this;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    if (position == item.size()) {
      return -1;
    }
    int wanted = (int) Math.min(length, item.size() - position);
    while (true) {
      try {
        ResponseInputStream<GetObjectResponse> open = body == null ? get() : body;
        body = open;
        int read = open.read(buffer, start, wanted);
        if (read < 0) {
          throw new IOException("the body ended at " + position + " of " + item.size());
        }
        position += read;
        failed = 0;
        return read;
      } catch (IOException | SdkException e) {
        takeUpAgain(e);
      }
    }
  }

  @Override
  public void close() {
    if (body != null) {
      // Closing would read what is left of the body.
      body.abort();
      body = null;
    }
  }

  private void takeUpAgain(Exception failure) throws IOException {
    close();
    if (++failed >= FAILURES_IN_A_ROW) {
      throw failures.unavailable("broke off an object several times", null);
    }
    log.warn(
        "root {}: {} broke at {} of {} bytes: {}",
        settings.name(),
        Printable.of(item.key()),
        position,
        item.size(),
        failure.toString());
    try {
      Thread.sleep(FIRST_PAUSE.multipliedBy(1L << failed).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private ResponseInputStream<GetObjectResponse> get() {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(settings.bucket()).key(item.key());
    if (position > 0) {
      request.range("bytes=" + position + "-");
    }
    if (item.version() != null) {
      request.ifMatch('"' + item.version() + '"');
    }
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    ResponseInputStream<GetObjectResponse> answer;
    try {
      answer = client.getObject(request.build());
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == NOT_FOUND) {
        throw changed();
      }
      throw e;
    }
    Long length = answer.response().contentLength();
    if (length == null || length != item.size() - position) {
      answer.abort();
      throw changed();
    }
    return answer;
  }

  private LadingException changed() {
    return new LadingException(
        ErrorCode.CHANGED,
        "The object '" + Printable.of(item.key()) + "' changed since the download was made");
  }
}
