package org.lading.root.s3.client;

import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Thrown when a store answers with more than is read. The same call would be answered like that
 * again.
 */
public final class OversizedAnswerException extends SdkClientException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception; {@code problem} completes a sentence about the store. */
  OversizedAnswerException(String problem) {
    super(SdkClientException.builder().message(problem));
  }
}
