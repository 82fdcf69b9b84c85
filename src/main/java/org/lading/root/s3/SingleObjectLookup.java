package org.lading.root.s3;

import org.lading.root.Item;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Finds single objects by their paths, with a HEAD each. */
final class SingleObjectLookup {
  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients.Caller calls;

  SingleObjectLookup(S3RootSettings settings, S3Errors errors, S3Clients.Caller calls) {
    this.settings = settings;
    this.errors = errors;
    this.calls = calls;
  }

  /** Finds the object at a path; see {@link org.lading.root.Root#file}. */
  Item file(String path) {
    String key = S3Keys.fileKey(settings.prefix(), path);
    HeadObjectResponse head;
    try {
      HeadObjectRequest.Builder request = S3Requests.head(settings, key);
      if (settings.isAws()) {
        request.checksumMode(ChecksumMode.ENABLED);
      }
      head = calls.call(client -> client.headObject(request.build()));
    } catch (SdkException e) {
      throw errors.ofHead(path, e, () -> isDirectory(key));
    }
    if (S3Keys.isArchived(head)) {
      throw S3Keys.archived(key);
    }
    if (head.contentLength() == null || head.lastModified() == null) {
      throw errors.unavailable("does not tell an object's size and time", null);
    }
    return new Item(
        Item.Kind.FILE,
        S3Keys.lastName(key),
        key,
        head.contentLength(),
        head.lastModified(),
        S3Keys.version(head.eTag()),
        S3ChecksumReader.crc32(head));
  }

  private boolean isDirectory(String key) {
    return !calls
        .call(client -> client.listObjectsV2(S3Requests.firstKey(settings, key + "/")))
        .contents()
        .isEmpty();
  }
}
