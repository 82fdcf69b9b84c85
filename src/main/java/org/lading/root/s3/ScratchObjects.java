package org.lading.root.s3;

import org.lading.error.LadingException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;

/**
 * Puts small objects into the bucket of a root, and removes them. Only the check of an installation
 * does so, where the operator allows it: Lading itself never writes into a root.
 */
public final class ScratchObjects implements AutoCloseable {
  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;

  /** Makes the access with the root's own credentials; sends no request. */
  public ScratchObjects(S3RootSettings settings) {
    this.settings = settings;
    this.errors = new S3Errors(settings);
    this.clients =
        new S3Clients(settings, errors, S3Clients.Timeouts.DEFAULT, S3CallObserver.UNOBSERVED);
  }

  /**
   * Puts an object at a path below the root's prefix.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if the store does not take it
   */
  public void put(String path, byte[] content) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(settings.bucket()).key(settings.prefix() + path);
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    try {
      clients.call(c -> c.putObject(request.build(), RequestBody.fromBytes(content)));
    } catch (SdkException e) {
      throw errors.unavailable(e);
    }
  }

  /**
   * Removes the object at a path below the root's prefix.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if the store does not do so
   */
  public void delete(String path) {
    DeleteObjectRequest.Builder request =
        DeleteObjectRequest.builder().bucket(settings.bucket()).key(settings.prefix() + path);
    if (settings.requesterPays()) {
      request.requestPayer(RequestPayer.REQUESTER);
    }
    try {
      clients.call(c -> c.deleteObject(request.build()));
    } catch (SdkException e) {
      throw errors.unavailable(e);
    }
  }

  @Override
  public void close() {
    clients.close();
  }
}
