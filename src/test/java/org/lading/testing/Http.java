package org.lading.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** A client that sends paths exactly as given, and neither decompresses nor follows redirects. */
public final class Http implements AutoCloseable {
  /** More than any test has requests under way at once; the library's default is 5. */
  private static final int MAX_CONNECTIONS = 100;

  private final CloseableHttpClient client =
      HttpClients.custom()
          .setConnectionManager(
              PoolingHttpClientConnectionManagerBuilder.create()
                  .setMaxConnPerRoute(MAX_CONNECTIONS)
                  .setMaxConnTotal(MAX_CONNECTIONS)
                  .build())
          .disableContentCompression()
          .disableRedirectHandling()
          .disableAutomaticRetries()
          .setDefaultRequestConfig(RequestConfig.custom().setExpectContinueEnabled(false).build())
          .build();
  private final HttpHost host;

  /** A client for one server; of the address only scheme, host and port count. */
  public Http(URI server) {
    this.host = new HttpHost(server.getScheme(), server.getHost(), server.getPort());
  }

  /** What came back. Header names are matched without regard to case. */
  public static final class Reply {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final int status;
    private final List<Header> headers;
    private final byte[] body;

    private Reply(ClassicHttpResponse response) throws IOException {
      this.status = response.getCode();
      this.headers = List.of(response.getHeaders());
      this.body =
          response.getEntity() == null
              ? new byte[0]
              : EntityUtils.toByteArray(response.getEntity());
    }

    /** The status code. */
    public int status() {
      return status;
    }

    /** The values of a header, joined by a comma; null if there is none. */
    public String header(String name) {
      List<String> values = new ArrayList<>();
      for (Header header : headers) {
        if (header.getName().equalsIgnoreCase(name)) {
          values.add(header.getValue());
        }
      }
      return values.isEmpty() ? null : String.join(", ", values);
    }

    /** The names of all headers, in lower case. */
    public Set<String> headerNames() {
      Set<String> names = new TreeSet<>();
      headers.forEach(header -> names.add(header.getName().toLowerCase(Locale.ROOT)));
      return names;
    }

    /** The body. */
    public byte[] bytes() {
      return body.clone();
    }

    /** The body as UTF-8 text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as JSON. */
    public JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException("not JSON: " + text(), e);
      }
    }

    @Override
    public String toString() {
      return status + " " + headers + " " + text();
    }
  }

  /** GET of a raw path and query. */
  public Reply get(String target, String... headers) {
    return call("GET", target, null, headers);
  }

  /** HEAD of a raw path and query. */
  public Reply head(String target, String... headers) {
    return call("HEAD", target, null, headers);
  }

  /** POST of a JSON body. */
  public Reply post(String target, byte[] body, String... headers) {
    return call("POST", target, body, headers);
  }

  /** Any call; headers are names and values in turn. */
  public Reply call(String method, String target, byte[] body, String... headers) {
    HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create("/"));
    request.setPath(target);
    for (Map.Entry<String, String> header : pairs(headers)) {
      request.addHeader(header.getKey(), header.getValue());
    }
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    }
    try {
      return client.execute(host, request, Reply::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map.Entry<String, String>> pairs(String... headers) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      pairs.add(Map.entry(headers[i], headers[i + 1]));
    }
    return pairs;
  }
}
