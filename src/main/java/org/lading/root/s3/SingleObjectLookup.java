package org.lading.root.s3;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Finds single objects by their paths, with a HEAD each. What the answer leaves out is taken from a
 * listing, and else from the beginning of the object itself.
 */
final class SingleObjectLookup {
  private static final Logger log = LoggerFactory.getLogger(SingleObjectLookup.class);

  private static final int BAD_REQUEST = 400;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int NOT_IMPLEMENTED = 501;

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients.Caller calls;

  /** What is known of an object; null what is not. */
  private record Properties(
      @Nullable Long size, @Nullable Instant modified, @Nullable String version) {
    boolean isComplete() {
      return size != null && modified != null;
    }

    /** Returns these properties, with those of another answer where there are none. */
    Properties or(Properties other) {
      return new Properties(
          size == null ? other.size : size,
          modified == null ? other.modified : modified,
          version == null ? other.version : version);
    }
  }

  SingleObjectLookup(S3RootSettings settings, S3Errors errors, S3Clients.Caller calls) {
    this.settings = settings;
    this.errors = errors;
    this.calls = calls;
  }

  /** Finds the object at a path; see {@link org.lading.root.Root#file}. */
  Item file(String path) {
    return object(S3Keys.fileKey(settings.prefix(), path), path);
  }

  /** Finds the object with a key; a failure names the path. */
  Item object(String key, String path) {
    HeadObjectResponse head = head(key, path);
    if (S3Keys.isArchived(head) && !isReadable(key)) {
      throw S3Keys.archived(key);
    }
    Properties found =
        new Properties(head.contentLength(), head.lastModified(), S3Keys.version(head.eTag()));
    if (!found.isComplete() || isDoubtful(found)) {
      found = complete(key, found);
    }
    Long size = found.size();
    if (size == null) {
      throw S3Keys.invalid(
          "The size of " + S3Keys.quoted(path) + " is not known: its store tells it in no answer");
    }
    Instant modified = found.modified();
    return new Item(
        Item.Kind.FILE,
        S3Keys.lastName(key),
        key,
        size,
        modified == null ? Instant.EPOCH : modified,
        found.version(),
        S3ChecksumReader.crc32(head));
  }

  private HeadObjectResponse head(String key, String path) {
    HeadObjectRequest.Builder request = S3Requests.head(settings, key);
    if (settings.isAws()) {
      request.checksumMode(ChecksumMode.ENABLED);
    }
    try {
      return calls.call(client -> client.headObject(request.build()));
    } catch (SdkException e) {
      int status = e instanceof AwsServiceException answer ? answer.statusCode() : 0;
      if (status == METHOD_NOT_ALLOWED || status == NOT_IMPLEMENTED) {
        return requireListed(key, path, e);
      }
      RuntimeException failure = errors.ofHead(path, e, () -> isDirectory(key));
      if (status != BAD_REQUEST) {
        throw failure;
      }
      // The listing may have told what the answer to a HEAD cannot: another region.
      try {
        return calls.call(client -> client.headObject(request.build()));
      } catch (SdkException again) {
        failure.addSuppressed(again);
        throw failure;
      }
    }
  }

  /** Returns an empty answer, of an object that is listed; no HEAD is possible. */
  private HeadObjectResponse requireListed(String key, String path, SdkException refusal) {
    if (listed(key) == null) {
      throw errors.ofHead(path, refusal, () -> isDirectory(key));
    }
    return HeadObjectResponse.builder().build();
  }

  /** Tells whether a size is perhaps no size: some proxies make a HEAD of unknown length empty. */
  private boolean isDoubtful(Properties found) {
    return Long.valueOf(0).equals(found.size()) && !settings.isAws();
  }

  private Properties complete(String key, Properties head) {
    S3Object listed = listed(key);
    Properties found = head;
    if (listed != null) {
      Properties other =
          new Properties(listed.size(), listed.lastModified(), S3Keys.version(listed.eTag()));
      found = isDoubtful(head) ? other.or(head) : head.or(other);
    }
    return found.isComplete() ? found : found.or(beginning(key));
  }

  private @Nullable S3Object listed(String key) {
    try {
      List<S3Object> found =
          calls.call(client -> client.listObjectsV2(S3Requests.firstKey(settings, key))).contents();
      return found.isEmpty() || !key.equals(found.get(0).key()) ? null : found.get(0);
    } catch (AwsServiceException e) {
      log.debug("No listing of {}", S3Keys.quoted(key), e);
      return null;
    } catch (SdkException e) {
      throw errors.ofObject(key, e);
    }
  }

  /** Asks for the first byte, whose answer tells the length of the whole. */
  private Properties beginning(String key) {
    GetObjectRequest request = S3Requests.firstByte(settings, key);
    try (ResponseInputStream<GetObjectResponse> answer =
        calls.call(client -> client.getObject(request))) {
      answer.abort();
      GetObjectResponse head = answer.response();
      ContentRange range = ContentRange.parse(head.contentRange());
      boolean isWhole = head.sdkHttpResponse().statusCode() == 200;
      Long size = isWhole ? head.contentLength() : null;
      if (range != null && range.whole() != ContentRange.UNKNOWN) {
        size = range.whole();
      }
      return new Properties(size, head.lastModified(), S3Keys.version(head.eTag()));
    } catch (AwsServiceException e) {
      log.debug("No beginning of {}", S3Keys.quoted(key), e);
      return new Properties(null, null, null);
    } catch (SdkException | IOException e) {
      throw errors.unavailable("did not answer, asked for " + S3Keys.quoted(key), e);
    }
  }

  /**
   * Tells whether an object can be read though its storage class is one of AWS's archives. In other
   * stores the names of storage classes mean what an administrator has decided.
   */
  private boolean isReadable(String key) {
    if (settings.isAws()) {
      return false;
    }
    GetObjectRequest request = S3Requests.firstByte(settings, key);
    try (ResponseInputStream<GetObjectResponse> answer =
        calls.call(client -> client.getObject(request))) {
      answer.abort();
      return true;
    } catch (AwsServiceException e) {
      if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
        return true;
      }
      if (S3Errors.code(e).equals("InvalidObjectState")) {
        return false;
      }
      throw errors.ofObject(key, e);
    } catch (SdkException | IOException e) {
      throw errors.unavailable("did not answer, asked for " + S3Keys.quoted(key), e);
    }
  }

  private boolean isDirectory(String key) {
    return !calls
        .call(client -> client.listObjectsV2(S3Requests.firstKey(settings, key + "/")))
        .contents()
        .isEmpty();
  }
}
