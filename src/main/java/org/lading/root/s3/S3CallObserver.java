package org.lading.root.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Is told of every call to S3. */
@FunctionalInterface
public interface S3CallObserver {
  /** Tells nobody. */
  S3CallObserver UNOBSERVED = (kind, outcome) -> {};

  /**
   * An answer has come, or the call was given up.
   *
   * @param kind the operation's name in AWS's words: {@code HeadObject}
   * @param outcome the HTTP status' class as {@code 2xx}, or {@code none} where no answer came
   */
  void called(String kind, String outcome);

  /** How the SDK tells it. */
  default ExecutionInterceptor interceptor() {
    S3CallObserver told = this;
    return new ExecutionInterceptor() {
      @Override
      public void afterTransmission(
          Context.AfterTransmission context, ExecutionAttributes attributes) {
        told.called(kind(attributes), context.httpResponse().statusCode() / 100 + "xx");
      }

      @Override
      public void onExecutionFailure(
          Context.FailedExecution context, ExecutionAttributes attributes) {
        if (context.httpResponse().isEmpty()) {
          told.called(kind(attributes), "none");
        }
      }
    };
  }

  private static String kind(ExecutionAttributes attributes) {
    return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
  }
}
