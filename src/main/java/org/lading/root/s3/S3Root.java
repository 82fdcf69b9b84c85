package org.lading.root.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.lading.root.ChangeCheck;
import org.lading.root.DirectoryPage;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationWriter;
import org.lading.root.Root;
import org.lading.root.Undeliverable;
import org.lading.root.s3.signing.PresignedLocations;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The objects of a bucket whose keys begin with a prefix, seen as files and directories.
 *
 * <p>S3 does not normalise: {@code a//b} and {@code a/./b} are keys of their own and are asked for
 * as they are. {@link Item#key()} is the object's full key, {@link Item#version()} its ETag without
 * quotes. Objects of INTELLIGENT_TIERING in an archive tier are refused by {@link #file} but not by
 * {@link #list}, since a listing does not have the tier.
 */
public final class S3Root implements Root {
  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;

  /** Makes a root; sends no request until the first call of a method. */
  public S3Root(S3RootSettings settings) {
    this(settings, S3Clients.Timeouts.DEFAULT);
  }

  /** Makes a root that reports every call to an observer. */
  public S3Root(S3RootSettings settings, S3CallObserver observer) {
    this(settings, S3Clients.Timeouts.DEFAULT, observer);
  }

  S3Root(S3RootSettings settings, S3Clients.Timeouts timeouts) {
    this(settings, timeouts, S3CallObserver.UNOBSERVED);
  }

  private S3Root(S3RootSettings settings, S3Clients.Timeouts timeouts, S3CallObserver observer) {
    this.settings = settings;
    this.errors = new S3Errors(settings);
    this.clients = new S3Clients(settings, errors, timeouts, observer);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public Item file(String path) {
    return new SingleObjectLookup(settings, errors, clients::call).file(path);
  }

  @Override
  public void files(List<String> paths, ItemSink sink) {
    new BatchObjectLookup(settings, errors, clients, paths, sink).run();
  }

  @Override
  public void list(String path, boolean recursive, ItemSink sink) {
    String directory = S3Keys.directoryPrefix(settings.prefix(), path);
    new DirectoryListing(settings, errors, clients, path, directory, recursive, sink).run();
  }

  @Override
  public DirectoryPage page(String path, String cursor, int max) {
    String directory = S3Keys.directoryPrefix(settings.prefix(), path);
    return new DirectoryPager(settings, errors, clients, path, directory).page(cursor, max);
  }

  @Override
  public Undeliverable undeliverable() {
    return settings.undeliverable();
  }

  @Override
  public String directoryName(String path) {
    String relative = S3Keys.relative(path);
    int start = 0;
    int end = relative.length();
    while (start < end && relative.charAt(start) == '/') {
      start++;
    }
    while (end > start && relative.charAt(end - 1) == '/') {
      end--;
    }
    return relative.substring(start, end);
  }

  /** Signs each location with the time at which it is written, by the store's clock. */
  @Override
  public LocationWriter locations(LocationEncoding encoding) {
    clients.askForTheTime();
    return new PresignedLocations(
        settings.signedBucket(),
        clients.bucketSignature(),
        clients.credentials(),
        encoding,
        condition(),
        clients.storeClock().signingTime());
  }

  private PresignedLocations.Condition condition() {
    if (!settings.guard() || clients.habits().refusesOwnTags()) {
      return PresignedLocations.Condition.NONE;
    }
    return clients.habits().listsOtherTags()
        ? PresignedLocations.Condition.TIME
        : PresignedLocations.Condition.TAG;
  }

  @Override
  public boolean isSignedPerEntry(long entries, long bytes) {
    return switch (settings.sign()) {
      case MANIFEST -> false;
      case ENTRY -> true;
      case AUTO -> new LocationLifetime(settings, clients).endsWithin(entries, bytes);
    };
  }

  /** Returns a check that finds no change: a HEAD costs as much as the GET that follows. */
  @Override
  public ChangeCheck changeCheck() {
    return ChangeCheck.NOTHING_CHANGES;
  }

  @Override
  public InputStream open(Item item, long from, long to) throws IOException {
    ObjectOpener opener = new ObjectOpener(settings, errors, clients, item, to);
    ResumingObjectInputStream stream =
        new ResumingObjectInputStream(settings.name(), errors, clients, opener, from);
    stream.start();
    return stream;
  }

  @Override
  public byte[][] read(List<Item> items) throws IOException {
    byte[][] contents = new byte[items.size()][];
    for (int i = 0; i < contents.length; i++) {
      try (InputStream in = open(items.get(i), 0)) {
        contents[i] = in.readAllBytes();
      }
    }
    return contents;
  }

  @Override
  public long crc32(Item item) {
    HeadObjectRequest.Builder request =
        S3Requests.head(settings, item.key()).checksumMode(ChecksumMode.ENABLED);
    HeadObjectResponse head;
    try {
      head = clients.call(c -> c.headObject(request.build()));
    } catch (SdkException e) {
      throw errors.ofObject(item.key(), e);
    }
    boolean isItem = Objects.equals(S3Keys.version(head.eTag()), item.version());
    return isItem ? S3ChecksumReader.crc32(head) : Item.UNKNOWN_CRC32;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public boolean readsParts() {
    return clients.habits().honoursRanges();
  }

  @Override
  public Duration latency() {
    return clients.latency().latency(ASSUMED_LATENCY);
  }

  /** Lists one key: a bucket that may not be listed cannot be a root. */
  @Override
  public void check() {
    try {
      errors.requireListing(
          clients.call(c -> c.listObjectsV2(S3Requests.firstKey(settings, settings.prefix()))));
    } catch (SdkException e) {
      throw errors.unavailable(e);
    }
  }

  /**
   * Tells whether the store refused the last unchanged object that was read by the condition that
   * it is the one that was listed.
   */
  public boolean refusesOwnTags() {
    return clients.habits().refusesOwnTags();
  }

  @Override
  public Optional<String> warning() {
    return Stream.of(
            clients.storeClock().warning(),
            settings.guard() ? clients.habits().warning() : Optional.<String>empty())
        .flatMap(Optional::stream)
        .reduce((one, other) -> one + "; " + other);
  }

  @Override
  public void close() {
    clients.close();
  }
}
