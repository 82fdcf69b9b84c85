package org.lading.root.s3;

import java.time.Duration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Receives an event for every call to S3. */
@FunctionalInterface
public interface S3CallObserver {
  /** Ignores all calls. */
  S3CallObserver UNOBSERVED = (kind, outcome, time) -> {};

  /** The {@link System#nanoTime} at which the attempt began that is under way. */
  ExecutionAttribute<Long> BEGAN = new ExecutionAttribute<>("LadingCallBegan");

  /**
   * Receives the end of one attempt of a call: an answer has come, or the call was given up.
   *
   * @param kind the operation's name in AWS's words: {@code HeadObject}
   * @param outcome the class of the HTTP status, such as {@code 2xx}, or {@code none} without an
   *     answer
   * @param time the time until the head of the answer was there, or until the call was given up
   */
  void called(String kind, String outcome, Duration time);

  /** Returns an interceptor by which the SDK reports its calls here. */
  default ExecutionInterceptor interceptor() {
    S3CallObserver observer = this;
    return new ExecutionInterceptor() {
      @Override
      public void beforeTransmission(
          Context.BeforeTransmission context, ExecutionAttributes attributes) {
        attributes.putAttribute(BEGAN, System.nanoTime());
      }

      @Override
      public void afterTransmission(
          Context.AfterTransmission context, ExecutionAttributes attributes) {
        String outcome = context.httpResponse().statusCode() / 100 + "xx";
        observer.called(kind(attributes), outcome, time(attributes));
      }

      @Override
      public void onExecutionFailure(
          Context.FailedExecution context, ExecutionAttributes attributes) {
        if (context.httpResponse().isEmpty()) {
          observer.called(kind(attributes), "none", time(attributes));
        }
      }
    };
  }

  /** Returns the time of the attempt; none of a call that failed before any was begun. */
  private static Duration time(ExecutionAttributes attributes) {
    Long began = attributes.getAttribute(BEGAN);
    return began == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - began);
  }

  private static String kind(ExecutionAttributes attributes) {
    return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
  }
}
