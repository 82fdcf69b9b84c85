package org.lading.root.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Receives an event for every call to S3. */
@FunctionalInterface
public interface S3CallObserver {
  /** Ignores all calls. */
  S3CallObserver UNOBSERVED = (kind, outcome) -> {};

  /**
   * Receives the end of one attempt of a call: an answer has come, or the call was given up.
   *
   * @param kind the operation's name in AWS's words: {@code HeadObject}
   * @param outcome the class of the HTTP status, such as {@code 2xx}, or {@code none} without an
   *     answer
   */
  void called(String kind, String outcome);

  /** Returns an interceptor by which the SDK reports its calls here. */
  default ExecutionInterceptor interceptor() {
    S3CallObserver observer = this;
    return new ExecutionInterceptor() {
      @Override
      public void afterTransmission(
          Context.AfterTransmission context, ExecutionAttributes attributes) {
        observer.called(kind(attributes), context.httpResponse().statusCode() / 100 + "xx");
      }

      @Override
      public void onExecutionFailure(
          Context.FailedExecution context, ExecutionAttributes attributes) {
        if (context.httpResponse().isEmpty()) {
          observer.called(kind(attributes), "none");
        }
      }
    };
  }

  private static String kind(ExecutionAttributes attributes) {
    return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
  }
}
