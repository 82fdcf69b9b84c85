package org.lading.root.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.lading.root.ContentContract;
import org.lading.root.Root;
import org.lading.testing.S3Server;

/** The contract of roots, kept by a bucket. */
class S3RootContractTest extends ContentContract {
  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static S3Server server;

  private final List<Root> opened = new ArrayList<>();
  private String bucket = "";

  @BeforeAll
  static void start() {
    server = new S3Server();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void closeRoots() {
    opened.forEach(Root::close);
  }

  @Override
  protected Root rootWith(Map<String, byte[]> files) {
    bucket = "contract-" + BUCKETS.incrementAndGet();
    server.createBucket(bucket);
    files.forEach((name, content) -> server.put(bucket, "pre/" + name, content));
    S3Root root = new S3Root(settings());
    opened.add(root);
    return root;
  }

  private S3RootSettings settings() {
    return S3RootSettings.builder("s3", bucket)
        .prefix("pre")
        .region("us-east-1")
        .credentials(server.accessKeyId(), server.secretAccessKey())
        .endpoint(server.endpoint())
        .pathStyle(true)
        .listConcurrency(16)
        .build();
  }

  @Override
  protected void overwrite(String path, byte[] content) {
    server.put(bucket, "pre/" + path, content);
  }

  @Override
  protected void delete(String path) {
    server.delete(bucket, "pre/" + path);
  }
}
