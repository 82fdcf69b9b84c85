package org.lading.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An S3 server in this process for one bucket of as many as a million keys, which lists a page as
 * fast as any other however many there are: path style, read only, checking the signatures of
 * headers and of presigned URLs. A page costs it much less than s3proxy, so that a benchmark on the
 * same machine is not one of the server.
 */
public final class LargeBucketServer implements AutoCloseable {
  private static final String BUCKET = "large";
  private static final String ACCESS_KEY_ID = "LADINGTESTKEYID";
  private static final String SECRET_ACCESS_KEY = "lading/test+secret";

  private final LargeBucketServlet servlet;
  private final Tomcat tomcat = new Tomcat();
  private final ScratchDirectory directory;

  /** How often each kind of call was answered so far; lists are pages. */
  public record Calls(long lists, long heads, long gets) {
    /** Those since an earlier moment. */
    public Calls since(Calls earlier) {
      return new Calls(lists - earlier.lists, heads - earlier.heads, gets - earlier.gets);
    }

    /** All of them. */
    public long all() {
      return lists + heads + gets;
    }
  }

  /** Starts the server on a free port of the loopback interface. */
  public LargeBucketServer(LargeKeys keys) {
    servlet =
        new LargeBucketServlet(new LargeBucket(keys), BUCKET, ACCESS_KEY_ID, SECRET_ACCESS_KEY);
    try {
      directory = new ScratchDirectory();
      tomcat.setBaseDir(directory.path().toString());
      tomcat.setHostname("127.0.0.1");
      tomcat.setPort(0);
      tomcat.getConnector().setProperty("address", "127.0.0.1");
      // Pages are far larger than what Tomcat writes at once by itself.
      tomcat.getConnector().setProperty("socket.appWriteBufSize", "65536");
      tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
      Context context = tomcat.addContext("", directory.path().toString());
      Tomcat.addServlet(context, BUCKET, servlet);
      context.addServletMapping("/", BUCKET);
      tomcat.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The base URL, without a trailing slash. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
  }

  /** The name of its only bucket. */
  public static String bucket() {
    return BUCKET;
  }

  /** The id of the only access key. */
  public static String accessKeyId() {
    return ACCESS_KEY_ID;
  }

  /** The secret of the only access key. */
  public static String secretAccessKey() {
    return SECRET_ACCESS_KEY;
  }

  /** The settings of a root named {@code s3} for it, in the list under {@code roots}. */
  public String root() {
    return root(endpoint());
  }

  /** As above, for a server that is reached at another base URL, as through a proxy. */
  public static String root(URI endpoint) {
    return """
      - name: s3
        bucket: %s
        region: us-east-1
        endpoint: %s
        force_path_style: true
        aws_access_key_id: %s
        aws_secret_access_key: %s
    """
        .formatted(BUCKET, endpoint, ACCESS_KEY_ID, SECRET_ACCESS_KEY);
  }

  /** A plain client of the SDK for such a server at a base URL; the caller closes it. */
  public static S3Client client(URI endpoint) {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)))
        .build();
  }

  /** What it was asked so far. */
  public Calls calls() {
    return servlet.calls();
  }

  @Override
  public void close() throws IOException {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IOException(e);
    } finally {
      directory.close();
    }
  }
}
