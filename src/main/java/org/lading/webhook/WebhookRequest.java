package org.lading.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;
import org.lading.webhook.WebhookClient.Answer;

/**
 * One POST over one connection to one of the given addresses. It is made of HttpCore's messages
 * alone: what follows redirects, keeps cookies, answers challenges, tries again or looks for a
 * proxy is in other classes, so none of that happens.
 *
 * <p>{@link #close} may be called from any thread at any time; what is being done then fails.
 */
final class WebhookRequest implements AutoCloseable {
  private static final int MAX_CONNECT_MILLIS = 5_000;

  /** The part of an answer's body that is read; nothing is made of it. */
  private static final int MAX_ANSWER_BYTES = 16 << 10;

  private static final int MAX_INTERIM_ANSWERS = 10;
  private static final long MAX_RETRY_SECONDS = 86_400;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
  private static final int FIRST_FINAL_STATUS = 200;
  private static final Http1Config LIMITS =
      Http1Config.custom().setMaxLineLength(8 << 10).setMaxHeaderCount(100).build();

  private final WebhookAddress address;
  private final Supplier<SSLSocketFactory> tls;
  private volatile Socket socket = unconnected();
  private volatile boolean isClosed;
  private volatile @Nullable Answer answer;

  /**
   * Makes a request.
   *
   * @param tls makes TLS of a connection, for https
   */
  WebhookRequest(WebhookAddress address, Supplier<SSLSocketFactory> tls) {
    this.address = address;
    this.tls = tls;
  }

  /**
   * Sends JSON to the first of the addresses that takes the connection.
   *
   * @param addresses at least one
   * @param headers those of the message
   */
  Answer post(List<InetAddress> addresses, Map<String, String> headers, byte[] json)
      throws IOException {
    connect(addresses);
    ClassicHttpRequest request = new BasicClassicHttpRequest("POST", address.target());
    request.setHeader(HttpHeaders.HOST, address.authority().toString());
    headers.forEach(request::setHeader);
    request.setHeader(HttpHeaders.CONTENT_TYPE, ContentType.APPLICATION_JSON.getMimeType());
    request.setHeader(HttpHeaders.CONTENT_LENGTH, json.length);
    request.setHeader(HttpHeaders.CONNECTION, "close");
    request.setEntity(new ByteArrayEntity(json, ContentType.APPLICATION_JSON));
    try {
      DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(LIMITS);
      bind(connection);
      connection.sendRequestHeader(request);
      connection.sendRequestEntity(request);
      connection.flush();
      return answer(connection);
    } catch (HttpException e) {
      throw new IOException("the answer is not HTTP/1.1", e);
    }
  }

  private void connect(List<InetAddress> addresses) throws IOException {
    IOException failure = new IOException("no address");
    for (InetAddress target : addresses) {
      try {
        open(target);
        return;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private void open(InetAddress target) throws IOException {
    socket.close();
    socket = unconnected();
    if (isClosed) {
      // It was closed while it had the socket before.
      throw new IOException("closed");
    }
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(target, address.port()), MAX_CONNECT_MILLIS);
  }

  private void bind(DefaultBHttpClientConnection connection) throws IOException {
    if (!address.isHttps()) {
      connection.bind(socket);
      return;
    }
    SSLSocket secure =
        (SSLSocket) tls.get().createSocket(socket, address.host(), address.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    connection.bind(secure, socket);
  }

  /** Returns the answer as soon as its head has come, or null. */
  @Nullable Answer answer() {
    return answer;
  }

  private Answer answer(DefaultBHttpClientConnection connection) throws IOException, HttpException {
    for (int i = 0; i <= MAX_INTERIM_ANSWERS; i++) {
      ClassicHttpResponse response = connection.receiveResponseHeader();
      if (response.getCode() >= FIRST_FINAL_STATUS) {
        Answer whole =
            new Answer(response.getCode(), seconds(response.getFirstHeader("Retry-After")));
        answer = whole;
        connection.receiveResponseEntity(response);
        readSome(response.getEntity());
        return whole;
      }
    }
    throw new ProtocolException("more than " + MAX_INTERIM_ANSWERS + " interim answers");
  }

  /** Returns the time of a header that has a number of seconds, at most a day; else null. */
  private static @Nullable Duration seconds(@Nullable Header header) {
    return header == null || !SECONDS.matcher(header.getValue()).matches()
        ? null
        : Duration.ofSeconds(Math.min(Long.parseLong(header.getValue()), MAX_RETRY_SECONDS));
  }

  /**
   * Reads the beginning of an answer's body, so that a receiver with a short one can end it, and
   * does not see the connection break. What it says was decided by the status.
   */
  private static void readSome(HttpEntity entity) {
    try {
      byte[] unused = entity.getContent().readNBytes(MAX_ANSWER_BYTES);
    } catch (IOException e) {
      // The status has come, and counts.
    }
  }

  /** Makes a socket that is connected directly, whatever the process is told about proxies. */
  private static Socket unconnected() {
    return new Socket(Proxy.NO_PROXY);
  }

  /** Breaks the connection, without a word to the other side. */
  @Override
  public void close() throws IOException {
    isClosed = true;
    socket.close();
  }
}
