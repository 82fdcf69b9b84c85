package org.lading.root.s3;

import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.RequestPayer;

/** The two requests by which objects are found. */
final class S3Requests {
  private S3Requests() {}

  static HeadObjectRequest head(S3Settings settings, String key) {
    HeadObjectRequest.Builder request =
        HeadObjectRequest.builder().bucket(settings.bucket()).key(key);
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    return request.build();
  }

  static ListObjectsV2Request.Builder list(S3Settings settings, String prefix) {
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
