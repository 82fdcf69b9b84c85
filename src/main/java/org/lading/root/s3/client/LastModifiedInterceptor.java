package org.lading.root.s3.client;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Writes the header {@code Last-Modified} of an answer in the form of HTTP, or leaves it out if it
 * is no time: the SDK fails a call for any other form.
 */
public final class LastModifiedInterceptor implements ExecutionInterceptor {
  private static final String NAME = "Last-Modified";
  private static final int MAX_YEAR = 9999;
  private static final DateTimeFormatter OF_HTTP =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US);

  @Override
  public SdkHttpResponse modifyHttpResponse(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    SdkHttpResponse answer = context.httpResponse();
    String given = answer.firstMatchingHeader(NAME).orElse(null);
    if (given == null) {
      return answer;
    }
    Optional<String> usual = S3Times.parse(given).flatMap(LastModifiedInterceptor::inFormOfHttp);
    if (usual.isPresent() && usual.get().equals(given)) {
      return answer;
    }
    SdkHttpResponse.Builder changed = answer.toBuilder().removeHeader(NAME);
    usual.ifPresent(text -> changed.putHeader(NAME, text));
    return changed.build();
  }

  private static Optional<String> inFormOfHttp(Instant time) {
    ZonedDateTime utc = time.atZone(ZoneOffset.UTC);
    return utc.getYear() < 0 || utc.getYear() > MAX_YEAR
        ? Optional.empty()
        : Optional.of(OF_HTTP.format(utc));
  }
}
