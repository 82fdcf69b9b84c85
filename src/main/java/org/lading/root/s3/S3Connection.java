package org.lading.root.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The clients of one bucket, made when they are first needed because they need the region. */
final class S3Connection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(S3Connection.class);

  /** How long one request may take; {@code call} covers three attempts and their pauses. */
  record Timeouts(Duration connect, Duration socket, Duration attempt, Duration call) {
    static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2));
  }

  /**
   * Each archive holds one while its client reads, however slowly; with the SDK's 50 as many
   * downloads would keep everybody from listing.
   */
  static final int MAX_CONNECTIONS = 1000;

  private final S3RootSettings settings;
  private final S3Errors failures;
  private final Timeouts timeouts;
  private final S3CallObserver calls;
  private final SdkThreads threads;
  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final @Nullable DefaultCredentialsProvider ownedChain;
  private final BucketRegion region;
  private volatile Semaphore ahead;
  private boolean listsInTurn;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Object lock = new Object();
  private @Nullable S3Client client;
  private @Nullable S3Client directClient;
  private @Nullable SigningTarget signingTarget;
  private boolean closed;

  S3Connection(
      S3RootSettings settings, S3Errors failures, Timeouts timeouts, S3CallObserver calls) {
    this.settings = settings;
    this.calls = calls;
    this.failures = failures;
    this.timeouts = timeouts;
    this.http =
        Apache5HttpClient.builder()
            .connectionTimeout(timeouts.connect())
            .socketTimeout(timeouts.socket())
            .tcpKeepAlive(true)
            .maxConnections(MAX_CONNECTIONS)
            .build();
    S3RootSettings.Credentials configured = settings.credentials();
    if (configured == null) {
      ownedChain = DefaultCredentialsProvider.builder().build();
      credentials = ownedChain;
    } else {
      ownedChain = null;
      credentials = StaticCredentialsProvider.create(asSdk(configured));
    }
    this.ahead = new Semaphore(settings.listConcurrency() - 1);
    this.threads = new SdkThreads(settings.name());
    this.region = new BucketRegion(settings, failures, this::newClient);
  }

  /** The client for the bucket's region; {@code STORAGE_UNAVAILABLE} if that cannot be found. */
  S3Client client() {
    String bucketRegion = region.get();
    synchronized (lock) {
      requireOpen();
      if (client == null) {
        directClient = newDirectClient(bucketRegion);
        client = threads.client(directClient);
      }
      return client;
    }
  }

  /** The same, for calls on {@link #threads}: it makes them where it is called. */
  S3Client directClient() {
    client();
    synchronized (lock) {
      requireOpen();
      return Objects.requireNonNull(directClient);
    }
  }

  /** Where calls of the SDK are made side by side. */
  Executor threads() {
    return threads.executor();
  }

  /** A permit for each call that may be under way ahead of those that somebody waits for. */
  Semaphore ahead() {
    return ahead;
  }

  /** From now on there are none, since the store does not begin where it is asked to. */
  synchronized void listInTurn(String after) {
    if (!listsInTurn) {
      log.warn(
          "Root {} is listed page after page: its store began before {} when asked to begin there",
          settings.name(),
          S3Keys.quoted(after));
      listsInTurn = true;
      ahead = new Semaphore(0);
    }
  }

  /** What URLs are signed for in the bucket's region; {@code STORAGE_UNAVAILABLE} as above. */
  SigningTarget signingTarget() {
    String bucketRegion = region.get();
    synchronized (lock) {
      requireOpen();
      if (signingTarget == null) {
        URI endpoint = endpoint(settings, bucketRegion);
        signingTarget = SigningTarget.of(settings, endpoint, bucketRegion);
      }
      return signingTarget;
    }
  }

  /** The credentials as of now; {@code STORAGE_UNAVAILABLE} if there are none. */
  AwsCredentials credentials() {
    try {
      return threads.run(credentials::resolveCredentials);
    } catch (SdkException e) {
      throw failures.unavailable(e);
    }
  }

  boolean isClosed() {
    return closing.getCount() == 0;
  }

  /** Waits so long, or until the connection is closed; says whether it is. */
  boolean isClosedWithin(Duration pause) throws InterruptedException {
    return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  @SuppressWarnings("try") // The resources are there to be closed only.
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      closing.countDown();
      // Null resources are skipped; the others are closed even if one of them fails.
      try (SdkHttpClient lastOfAll = http;
          DefaultCredentialsProvider chain = ownedChain;
          S3Client calling = client) {
        client = null;
        directClient = null;
      } finally {
        threads.close();
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the root " + settings.name() + " is closed");
    }
  }

  private S3Client newClient(String clientRegion) {
    return threads.client(newDirectClient(clientRegion));
  }

  private S3Client newDirectClient(String clientRegion) {
    return S3Client.builder()
        .region(Region.of(clientRegion))
        .endpointOverride(endpoint(settings, clientRegion))
        .forcePathStyle(settings.pathStyle())
        .fipsEnabled(false)
        .dualstackEnabled(false)
        .accelerate(false)
        .credentialsProvider(credentials)
        .httpClient(http)
        // Compatible stores refuse the checksums that the SDK adds otherwise.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(
            o ->
                o.addExecutionInterceptor(calls.interceptor())
                    .addExecutionInterceptor(new ListingInterceptor())
                    .scheduledExecutorService(threads.timeouts())
                    .apiCallAttemptTimeout(timeouts.attempt())
                    .apiCallTimeout(timeouts.call())
                    .retryStrategy(RetryMode.STANDARD))
        .build();
  }

  /** Always spelt out, so that the host of a location never depends on the SDK's defaults. */
  private static URI endpoint(S3RootSettings settings, String region) {
    URI configured = settings.endpoint();
    if (configured != null) {
      return configured;
    }
    String suffix =
        Region.of(region).metadata() == null
            ? "amazonaws.com"
            : Region.of(region).metadata().partition().dnsSuffix();
    return URI.create("https://s3." + region + "." + suffix);
  }

  private static AwsCredentials asSdk(S3RootSettings.Credentials configured) {
    String id = configured.accessKeyId();
    String secret = configured.secretAccessKey();
    String token = configured.sessionToken();
    return token == null
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, token);
  }
}
