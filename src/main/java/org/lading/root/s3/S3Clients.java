package org.lading.root.s3;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.LadingException;
import org.lading.root.s3.client.AnswerLimits;
import org.lading.root.s3.client.LastModifiedInterceptor;
import org.lading.root.s3.client.LateCredentials;
import org.lading.root.s3.client.ListingInterceptor;
import org.lading.root.s3.client.SdkThreads;
import org.lading.root.s3.client.StoreAnswers;
import org.lading.root.s3.client.StoreClock;
import org.lading.root.s3.client.StoreHabits;
import org.lading.root.s3.client.StoreLatency;
import org.lading.root.s3.listing.KeyOrderException;
import org.lading.root.s3.signing.BucketSignature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The SDK's clients for one bucket; they are made at their first use, because they need the
 * bucket's region.
 */
final class S3Clients implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(S3Clients.class);

  /** The deadlines of one request; {@code call} covers three attempts and their pauses. */
  record Timeouts(Duration connect, Duration socket, Duration attempt, Duration call) {
    static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2));
  }

  /**
   * The maximum number of connections to the store. Each archive holds one while its client reads,
   * however slowly: with the SDK's default, 50 slow downloads would block all listings.
   */
  static final int MAX_CONNECTIONS = 1000;

  /** The maximum time that a manifest waits for a store to tell its time. */
  static final Duration MAX_WAIT_FOR_CLOCK = Duration.ofSeconds(5);

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final Timeouts timeouts;
  private final S3CallObserver observer;
  private final SdkThreads threads;
  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final @Nullable LateCredentials ownedChain;
  private final BucketRegion region;
  private final StoreClock storeClock;
  private final StoreHabits habits;
  private final StoreLatency latency = new StoreLatency();
  private volatile Semaphore prefetchPermits;
  private boolean isListedSequentially;
  private volatile boolean hasOtherOrder;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Object lock = new Object();
  private final List<S3Client> opened = new ArrayList<>();
  private @Nullable RegionalClients current;
  private @Nullable BucketSignature bucketSignature;
  private boolean closed;

  /** The clients of one region: one whose calls run on {@link #threads}, and one without. */
  private record RegionalClients(String region, S3Client pooled, S3Client direct) {}

  /** Makes calls with the client of the bucket's region. */
  interface Caller {
    /** Makes a call; see {@link S3Clients#call}. */
    <R> R call(Function<S3Client, R> call);
  }

  S3Clients(S3RootSettings settings, S3Errors errors, Timeouts timeouts, S3CallObserver observer) {
    this.settings = settings;
    this.observer = observer;
    this.errors = errors;
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
      ownedChain = new LateCredentials();
      credentials = ownedChain;
    } else {
      ownedChain = null;
      credentials = StaticCredentialsProvider.create(asSdk(configured));
    }
    this.prefetchPermits = new Semaphore(settings.listConcurrency() - 1);
    this.threads = new SdkThreads(settings.name());
    this.storeClock = new StoreClock(settings.name());
    this.habits = new StoreHabits(settings.name());
    this.region = new BucketRegion(settings, errors, this::newClient);
  }

  /**
   * Makes a call with the client of the bucket's region; if the store names another region than the
   * one that was signed for, once more with the client of that. {@code STORAGE_UNAVAILABLE} if the
   * region is unknown.
   */
  <R> R call(Function<S3Client, R> call) {
    return call(call, RegionalClients::pooled);
  }

  /** Makes a call in the calling thread, which must be of {@link #threads}; see {@link #call}. */
  <R> R callDirectly(Function<S3Client, R> call) {
    return call(call, RegionalClients::direct);
  }

  private <R> R call(Function<S3Client, R> call, Function<RegionalClients, S3Client> kind) {
    RegionalClients used = regional();
    try {
      return call.apply(kind.apply(used));
    } catch (SdkException e) {
      if (!region.learn(used.region(), e)) {
        throw e;
      }
      return call.apply(kind.apply(regional()));
    }
  }

  private RegionalClients regional() {
    String bucketRegion = region.get();
    synchronized (lock) {
      requireOpen();
      RegionalClients clients = current;
      if (clients == null || !clients.region().equals(bucketRegion)) {
        S3Client direct = newDirectClient(bucketRegion);
        opened.add(direct);
        clients = new RegionalClients(bucketRegion, threads.client(direct), direct);
        current = clients;
      }
      return clients;
    }
  }

  /** Returns the executor of concurrent calls of the SDK. */
  Executor threads() {
    return threads.executor();
  }

  /**
   * Returns the permits for calls that are under way beside those that a thread waits for, one
   * permit for each call.
   */
  Semaphore prefetchPermits() {
    return prefetchPermits;
  }

  /** Takes all permits away, because the store ignored {@code start-after}. */
  synchronized void listSequentially(String after) {
    if (!isListedSequentially) {
      log.warn(
          "Root {} is listed page after page: asked to begin after {}, its store began before it",
          settings.name(),
          S3Keys.quoted(after));
      isListedSequentially = true;
      prefetchPermits = new Semaphore(0);
    }
  }

  /** Tells whether the store was seen to list in another order than that of the keys' bytes. */
  boolean hasOtherOrder() {
    return hasOtherOrder;
  }

  /** Takes into account that the store listed in another order than that of the keys' bytes. */
  synchronized void noteOtherOrder(KeyOrderException seen) {
    if (!hasOtherOrder) {
      log.warn(
          "Root {} is listed one directory after another, and sorted: {}",
          settings.name(),
          PrintableText.of(String.valueOf(seen.getMessage())));
      hasOtherOrder = true;
    }
  }

  /**
   * Returns the part of a signature that all URLs share; {@code STORAGE_UNAVAILABLE} if the region
   * is unknown.
   */
  BucketSignature bucketSignature() {
    String bucketRegion = region.get();
    synchronized (lock) {
      requireOpen();
      if (bucketSignature == null || !bucketSignature.scope().startsWith(bucketRegion + "/")) {
        URI endpoint = endpoint(settings, bucketRegion);
        bucketSignature = BucketSignature.of(settings.signedBucket(), endpoint, bucketRegion);
      }
      return bucketSignature;
    }
  }

  /** Returns the store's clock, which every answer corrects. */
  StoreClock storeClock() {
    return storeClock;
  }

  /** Returns how soon the store answers. */
  StoreLatency latency() {
    return latency;
  }

  /** Returns what is known of the ways of the store. */
  StoreHabits habits() {
    return habits;
  }

  /**
   * Asks the store for anything, if it has not answered lately, so that its clock and its region
   * are known. It waits at most {@link #MAX_WAIT_FOR_CLOCK}: a store that does not answer now may
   * do so when the URLs are used.
   */
  void askForTheTime() {
    if (storeClock.isKnown()) {
      return;
    }
    try {
      threads.run(
          () ->
              callDirectly(c -> c.listObjectsV2(S3Requests.firstKey(settings, settings.prefix()))),
          MAX_WAIT_FOR_CLOCK);
    } catch (SdkException | LadingException e) {
      // An error is an answer too, with the time of the store.
      log.debug("root {}: the store's time was asked for", settings.name(), e);
    }
    if (!storeClock.isKnown()) {
      log.warn("root {}: the store does not answer, so that its time is unknown", settings.name());
      storeClock.didNotAnswer();
    }
  }

  /** Returns the current credentials; {@code STORAGE_UNAVAILABLE} if there are none. */
  AwsCredentials credentials() {
    try {
      return threads.run(credentials::resolveCredentials);
    } catch (SdkException e) {
      throw errors.unavailable(e);
    }
  }

  boolean isClosed() {
    return closing.getCount() == 0;
  }

  /** Waits for a time, or until the clients are closed; returns whether they are closed. */
  boolean isClosedWithin(Duration pause) throws InterruptedException {
    return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  @SuppressWarnings("try") // The resources are only closed.
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      closing.countDown();
      // All of them are closed, even if one fails; null is skipped.
      try (SdkHttpClient closedLast = http;
          LateCredentials chain = ownedChain) {
        opened.forEach(S3Client::close);
        current = null;
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
        // Some compatible stores refuse the checksums that the SDK adds by default.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(
            o ->
                o.addExecutionInterceptor(observer.interceptor())
                    .addExecutionInterceptor(new StoreAnswers(storeClock, latency))
                    .addExecutionInterceptor(new AnswerLimits())
                    .addExecutionInterceptor(new ListingInterceptor())
                    .addExecutionInterceptor(new LastModifiedInterceptor())
                    .scheduledExecutorService(threads.timeouts())
                    .apiCallAttemptTimeout(timeouts.attempt())
                    .apiCallTimeout(timeouts.call())
                    .retryStrategy(RetryMode.STANDARD))
        .build();
  }

  /** Returns the explicit endpoint, so that no location depends on the SDK's default hosts. */
  static URI endpoint(S3RootSettings settings, String region) {
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

  static AwsCredentials asSdk(S3RootSettings.Credentials configured) {
    String id = configured.accessKeyId();
    String secret = configured.secretAccessKey();
    String token = configured.sessionToken();
    return token == null
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, token);
  }
}
