package org.lading.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Properties;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A real S3 server in this process: s3proxy over an in-memory file system, path style, checking the
 * signatures of headers and of presigned URLs.
 */
public final class S3Server implements AutoCloseable {
  private static final String ACCESS_KEY_ID = "LADINGTESTKEYID";
  private static final String SECRET_ACCESS_KEY = "lading/test+secret";

  private final BlobStore store;
  private final S3Proxy proxy;
  private final CloseableHttpClient http;

  /** Starts the server on a free port of the loopback interface. */
  public S3Server() {
    store = new ByteOrderedStore(BlobStores.create("transient-nio2", new Properties()));
    proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
            .build();
    try {
      proxy.start();
    } catch (Exception e) {
      throw new IllegalStateException("s3proxy did not start", e);
    }
    http = HttpClients.createMinimal();
  }

  /** Whether this thread is one that a server of this kind started for itself. */
  public static boolean isOwn(Thread thread) {
    return thread.getName().startsWith("S3Proxy-Jetty-")
        || thread.getName().startsWith("Scheduler-")
        // s3proxy hands objects out in streams of its own copy of the SDK, which watches them.
        || thread.getName().equals("response-input-stream-timeout-scheduler");
  }

  /** The base URL, without a trailing slash. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  /**
   * The settings of a root named {@code s3} for a bucket of it, in the list under {@code roots}.
   */
  public String root(String bucket) {
    return """
      - name: s3
        bucket: %s
        endpoint: %s
        force_path_style: true
        aws_access_key_id: %s
        aws_secret_access_key: %s
    """
        .formatted(bucket, endpoint(), ACCESS_KEY_ID, SECRET_ACCESS_KEY);
  }

  /** The id of the only access key. */
  public String accessKeyId() {
    return ACCESS_KEY_ID;
  }

  /** The secret of the only access key. */
  public String secretAccessKey() {
    return SECRET_ACCESS_KEY;
  }

  /** Makes an empty bucket. */
  public void createBucket(String name) {
    store.createContainer(name);
  }

  /** Stores an object directly, without a request, so that the key need not pass through a URL. */
  public void put(String bucket, String key, byte[] content) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .contentLength((long) content.length)
            .build();
    store.putBlob(request, new ByteArrayInputStream(content));
  }

  /** The keys of a bucket, looked up directly. */
  public List<String> keys(String bucket) {
    return store.list(ListObjectsV2Request.builder().bucket(bucket).build()).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /** Removes an object directly, without a request. */
  public void delete(String bucket, String key) {
    store.removeBlob(bucket, key);
  }

  /** The status of a GET of exactly this path and query. */
  public int status(String location) throws IOException {
    return http.execute(
        host(), new BasicClassicHttpRequest("GET", location), response -> response.getCode());
  }

  /** The bytes at a presigned path and query, sent exactly as given and without any header. */
  public byte[] fetch(String location) throws IOException {
    return http.execute(
        host(),
        new BasicClassicHttpRequest("GET", location),
        response -> {
          byte[] body = EntityUtils.toByteArray(response.getEntity());
          if (response.getCode() != 200) {
            throw new IOException("status " + response.getCode() + " for " + location);
          }
          return body;
        });
  }

  @Override
  public void close() throws IOException {
    http.close();
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("s3proxy did not stop", e);
    }
    store.close();
  }

  private HttpHost host() {
    return new HttpHost("http", "127.0.0.1", proxy.getPort());
  }
}
