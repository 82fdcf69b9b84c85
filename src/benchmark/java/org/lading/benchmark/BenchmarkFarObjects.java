package org.lading.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.Manifest;
import org.lading.testing.S3Server;
import org.lading.testing.ScratchDirectory;

/**
 * Many S3 objects of 8 KiB that are 30 ms away, streamed as an archive over loopback HTTP, in a
 * heap of 128 MiB, beside fetching the same objects one after another over one connection through
 * the same delay. The arguments are how many, and the rounds (one takes about a minute for 2,000).
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkFarObjects "-Dbenchmark.arguments=2000 3"
 * </pre>
 */
public final class BenchmarkFarObjects {
  private static final Duration DELAY = Duration.ofMillis(30);
  private static final int SIZE = 8 * 1024;

  private BenchmarkFarObjects() {}

  /** Runs it with as many objects, and as often, as the arguments say. */
  public static void main(String[] arguments) throws Exception {
    int objects = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory();
        S3Server s3 = new S3Server();
        DelayingProxy far = new DelayingProxy(s3.endpoint().getPort(), DELAY);
        LadingProcess lading = LadingProcess.start(scratch.path(), settings(s3, far), "-Xmx128m")) {
      fill(s3, objects);
      String download = lading.downloadOf("far");
      List<Manifest> lines;
      try (Http http = lading.http()) {
        lines = Manifest.parse(http.get(download + "manifest").text());
      }
      try (Http http = new Http(far.endpoint())) {
        Rounds rounds =
            new Rounds()
                .add("lading", () -> Sink.get(lading.port(), download + "download"))
                .add("in turn", () -> fetchAll(http, lines))
                .run(Integer.parseInt(arguments[1]));
        System.out.printf("%d objects, %d ms away%n", lines.size(), DELAY.toMillis());
        System.out.printf("one after another %s%n", rounds.millis("in turn"));
        System.out.printf("lading            %s%n", rounds.millis("lading"));
        System.out.printf("Lading is %.1f times as fast%n", rounds.ratio("in turn", "lading"));
      }
    }
  }

  private static String settings(S3Server s3, DelayingProxy far) {
    return """
        roots:
          - name: far
            bucket: far
            endpoint: %s
            force_path_style: true
            aws_access_key_id: %s
            aws_secret_access_key: %s
        """
        .formatted(far.endpoint(), s3.accessKeyId(), s3.secretAccessKey());
  }

  private static void fill(S3Server s3, int objects) {
    byte[] content = new byte[SIZE];
    new Random(11).nextBytes(content);
    s3.createBucket("far");
    for (int i = 0; i < objects; i++) {
      s3.put("far", "object-%06d.bin".formatted(i), content);
    }
  }

  private static Integer fetchAll(Http http, List<Manifest> lines) {
    for (Manifest line : lines) {
      Reply reply = http.get(line.location());
      if (reply.status() != 200 || reply.bytes().length != SIZE) {
        throw new IllegalStateException(reply.toString());
      }
    }
    return lines.size();
  }
}
