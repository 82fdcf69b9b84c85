package org.lading.root.s3.client;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The SDK's default chain of credentials, which is made anew while it finds none: the chain itself
 * looks only once whether there is a file of credentials.
 */
public final class LateCredentials implements AwsCredentialsProvider, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LateCredentials.class);

  /** The minimum time between two chains, each of which may ask the machine's metadata. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private DefaultCredentialsProvider chain = chain();
  private long made = System.nanoTime();
  private boolean isClosed;

  private static DefaultCredentialsProvider chain() {
    return DefaultCredentialsProvider.builder().build();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    DefaultCredentialsProvider asked = current();
    try {
      return asked.resolveCredentials();
    } catch (SdkClientException e) {
      log.debug("There are no credentials yet", e);
      return another(asked).resolveCredentials();
    }
  }

  private synchronized DefaultCredentialsProvider current() {
    return chain;
  }

  /** Returns a chain that was made after the given one, unless that is young. */
  private synchronized DefaultCredentialsProvider another(DefaultCredentialsProvider failed) {
    boolean isDue = System.nanoTime() - made >= PAUSE.toNanos();
    if (chain == failed && isDue && !isClosed) {
      chain = chain();
      made = System.nanoTime();
      failed.close();
    }
    return chain;
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    chain.close();
  }
}
