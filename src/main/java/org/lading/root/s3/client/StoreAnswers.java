package org.lading.root.s3.client;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Hands what each answer of a store tells, beside its content, to those who learn from it: the
 * store's time, and how soon it answers.
 */
public final class StoreAnswers implements ExecutionInterceptor {
  private static final String SIGNING_TIME = "X-Amz-Date";
  private static final ExecutionAttribute<Sent> SENT = new ExecutionAttribute<>("lading.sent");

  private final StoreClock clock;
  private final StoreLatency latency;

  /** Makes an interceptor that tells both of them what it sees. */
  public StoreAnswers(StoreClock clock, StoreLatency latency) {
    this.clock = clock;
    this.latency = latency;
  }

  /**
   * When a request was sent.
   *
   * @param millis by this machine's clock
   * @param nanos by the JVM's, which nobody sets
   */
  private record Sent(long millis, long nanos) {}

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    attributes.putAttribute(SENT, new Sent(clock.millis(), System.nanoTime()));
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    Sent sent = attributes.getAttribute(SENT);
    if (sent != null) {
      long now = System.nanoTime();
      latency.add(now - sent.nanos(), now);
      clock.answered(context.httpResponse(), sent.millis(), signed(context));
    }
  }

  private static @Nullable String signed(Context.AfterTransmission context) {
    return context.httpRequest().firstMatchingHeader(SIGNING_TIME).orElse(null);
  }
}
