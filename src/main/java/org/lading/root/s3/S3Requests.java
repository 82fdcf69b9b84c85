package org.lading.root.s3;

import org.lading.root.Item;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.RequestPayer;

/** Makes the requests that find and read objects. */
final class S3Requests {
  private S3Requests() {}

  static HeadObjectRequest.Builder head(S3RootSettings settings, String key) {
    HeadObjectRequest.Builder request =
        HeadObjectRequest.builder().bucket(settings.bucket()).key(key);
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    return request;
  }

  /**
   * Makes a request for an item's bytes between two positions; a conditional one, for an item with
   * a version, fails if it has changed.
   */
  static GetObjectRequest get(
      S3RootSettings settings, Item item, long from, long to, boolean conditional) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(settings.bucket()).key(item.key());
    if (to < item.size()) {
      request.range("bytes=" + from + "-" + (to - 1));
    } else if (from > 0) {
      request.range("bytes=" + from + "-");
    }
    if (conditional) {
      request.ifMatch('"' + item.version() + '"');
    }
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    return request.build();
  }

  /** Makes a request for the first byte of an object. */
  static GetObjectRequest firstByte(S3RootSettings settings, String key) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(settings.bucket()).key(key).range("bytes=0-0");
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    return request.build();
  }

  /** Makes a request for the first key that begins with a prefix. */
  static ListObjectsV2Request firstKey(S3RootSettings settings, String prefix) {
    return list(settings, prefix).maxKeys(1).build();
  }

  static ListObjectsV2Request.Builder list(S3RootSettings settings, String prefix) {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder()
            .bucket(settings.bucket())
            .prefix(prefix)
            // XML cannot carry every character that a key may have; the SDK decodes the answer.
            .encodingType(EncodingType.URL);
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    return request;
  }
}
