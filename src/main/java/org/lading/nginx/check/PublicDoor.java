package org.lading.nginx.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Sends requests to the public address of an installation, as its clients do, and follows no
 * redirect.
 */
final class PublicDoor {
  private static final Duration MAX_WAIT_FOR_CONNECTION = Duration.ofSeconds(10);

  /** The maximum time for an answer: more than a create may wait for its download. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(90);

  private final CheckOptions options;
  private final HttpClient client;

  PublicDoor(CheckOptions options) {
    this.options = options;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(MAX_WAIT_FOR_CONNECTION)
            .sslContext(trust())
            .build();
  }

  /** Returns what this Java trusts now, rather than what it trusted at its first connection. */
  static SSLContext trust() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  /** Sends a GET of a page of the application, such as {@code /status}. */
  Answer get(String page, String... headers) {
    return send(request(options.contextPath() + page, headers).GET());
  }

  /** Sends a HEAD of a page of the application. */
  Answer head(String page) {
    return send(request(options.contextPath() + page).method("HEAD", BodyPublishers.noBody()));
  }

  /** Sends a GET of any path, which is percent-encoded and may have a query. */
  Answer getPath(String pathAndQuery) {
    return send(request(pathAndQuery).GET());
  }

  /** Sends a create request. */
  Answer create(String json) {
    HttpRequest.Builder request =
        request("/create", "Content-Type", "application/json", "Prefer", "wait=60");
    return send(withToken(request).POST(BodyPublishers.ofString(json, UTF_8)));
  }

  private HttpRequest.Builder withToken(HttpRequest.Builder request) {
    String token = options.token();
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.uri(uri(options.contextPath() + "/create"));
  }

  private HttpRequest.Builder request(String pathAndQuery, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(pathAndQuery));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  private URI uri(String pathAndQuery) {
    return URI.create(options.address() + pathAndQuery);
  }

  private Answer send(HttpRequest.Builder request) {
    CompletableFuture<HttpResponse<BodyCollector.Body>> answer =
        client.sendAsync(request.build(), head -> new BodyCollector());
    try {
      HttpResponse<BodyCollector.Body> response =
          answer.get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      BodyCollector.Body body = response.body();
      return new Answer(response.statusCode(), response.headers(), body.bytes(), body.failure());
    } catch (ExecutionException e) {
      return Answer.none(e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return Answer.none(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.none(e);
    }
  }
}
