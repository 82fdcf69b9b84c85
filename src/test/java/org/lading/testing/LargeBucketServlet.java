package org.lading.testing;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.testing.LargeBucket.Page;
import org.lading.testing.LargeBucket.Query;
import org.lading.testing.LargeBucket.Stored;

/** As much of S3 as reading a bucket takes, path style. */
final class LargeBucketServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final transient LargeBucket bucket;
  private final String path;
  private final String id;
  private final String secret;

  /** Writing a time costs more than all the rest of an object. */
  private final transient Map<Instant, String> times = new ConcurrentHashMap<>();

  private final AtomicLong lists = new AtomicLong();
  private final AtomicLong heads = new AtomicLong();
  private final AtomicLong gets = new AtomicLong();

  /** One for a bucket of that name, which a client with that key may read. */
  LargeBucketServlet(LargeBucket bucket, String name, String id, String secret) {
    this.bucket = bucket;
    this.path = "/" + name;
    this.id = id;
    this.secret = secret;
  }

  LargeBucketServer.Calls calls() {
    return new LargeBucketServer.Calls(lists.get(), heads.get(), gets.get());
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    SignedRequest signed = new SignedRequest(request);
    String asked = signed.path();
    boolean isHead = request.getMethod().equals("HEAD");
    if (!signed.isSignedWith(id, secret)) {
      error(response, 403, "SignatureDoesNotMatch");
    } else if (!isHead && !request.getMethod().equals("GET")) {
      error(response, 405, "MethodNotAllowed");
    } else if (asked.startsWith(path + "/") && asked.length() > path.length() + 1) {
      (isHead ? heads : gets).incrementAndGet();
      object(bucket.find(asked.substring(path.length() + 1)), request, response);
    } else if (!asked.equals(path) && !asked.equals(path + "/")) {
      error(response, 404, "NoSuchBucket");
    } else if (isHead) {
      response.setHeader("x-amz-bucket-region", "us-east-1");
    } else if ("2".equals(signed.parameter("list-type"))) {
      lists.incrementAndGet();
      list(signed, response);
    } else {
      error(response, 501, "NotImplemented");
    }
  }

  private static void object(
      @Nullable Stored object, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (object == null) {
      error(response, 404, "NoSuchKey");
      return;
    }
    String eTag = '"' + object.eTag() + '"';
    String wanted = request.getHeader("If-Match");
    if (wanted != null && !wanted.equals(eTag)) {
      error(response, 412, "PreconditionFailed");
      return;
    }
    response.setHeader("ETag", eTag);
    response.setHeader("Accept-Ranges", "bytes");
    response.setContentType("application/octet-stream");
    response.setHeader(
        "Last-Modified",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(object.modified().atOffset(ZoneOffset.UTC)));
    int from = 0;
    int end = object.size();
    String header = request.getHeader("Range");
    Matcher range = RANGE.matcher(header == null ? "" : header);
    if (range.matches()) {
      from = Integer.parseInt(range.group(1));
      if (!range.group(2).isEmpty()) {
        end = Math.min(end, Integer.parseInt(range.group(2)) + 1);
      }
      if (from >= end) {
        error(response, 416, "InvalidRange");
        return;
      }
      response.setStatus(206);
      response.setHeader("Content-Range", "bytes %d-%d/%d".formatted(from, end - 1, object.size()));
    }
    response.setContentLength(end - from);
    if (!request.getMethod().equals("HEAD")) {
      response.getOutputStream().write(object.content(), from, end - from);
    }
  }

  private void list(SignedRequest request, HttpServletResponse response) throws IOException {
    Query query =
        new Query(
            parameter(request, "prefix", ""),
            parameter(request, "delimiter", ""),
            parameter(request, "start-after", ""),
            request.parameter("continuation-token"),
            Integer.parseInt(parameter(request, "max-keys", "1000")));
    boolean isEncoded = "url".equals(request.parameter("encoding-type"));
    Page page = bucket.list(query);
    StringBuilder xml = new StringBuilder(400 * (page.keys().size() + 2));
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .append("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    element(xml, "Name", path.substring(1));
    element(xml, "Prefix", text(query.prefix(), isEncoded));
    element(xml, "MaxKeys", Integer.toString(query.maxKeys()));
    element(xml, "KeyCount", Integer.toString(page.keys().size() + page.prefixes().size()));
    element(xml, "IsTruncated", Boolean.toString(page.next() != null));
    if (isEncoded) {
      element(xml, "EncodingType", "url");
    }
    if (!query.delimiter().isEmpty()) {
      element(xml, "Delimiter", text(query.delimiter(), isEncoded));
    }
    if (!query.startAfter().isEmpty()) {
      element(xml, "StartAfter", text(query.startAfter(), isEncoded));
    }
    if (page.next() != null) {
      element(xml, "NextContinuationToken", page.next());
    }
    for (String key : page.keys()) {
      Stored object = Stored.of(key);
      xml.append("<Contents>");
      element(xml, "Key", text(key, isEncoded));
      xml.append("<LastModified>")
          .append(times.computeIfAbsent(object.modified(), Instant::toString));
      xml.append("</LastModified><ETag>&quot;").append(object.eTag());
      xml.append("&quot;</ETag><Size>").append(object.size());
      xml.append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
    }
    for (String prefix : page.prefixes()) {
      xml.append("<CommonPrefixes>");
      element(xml, "Prefix", text(prefix, isEncoded));
      xml.append("</CommonPrefixes>");
    }
    send(response, xml.append("</ListBucketResult>"));
  }

  private static String parameter(SignedRequest request, String name, String otherwise) {
    String value = request.parameter(name);
    return value == null ? otherwise : value;
  }

  /** A key as it stands in XML. */
  private static String text(String key, boolean isEncoded) {
    if (key.chars().allMatch(LargeBucketServlet::isPlain)) {
      return key;
    }
    return isEncoded
        ? URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/")
        : key.replace("&", "&amp;").replace("<", "&lt;");
  }

  /** Small letters, digits and {@code - . /} only. */
  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '-' && c <= '9');
  }

  private static void element(StringBuilder xml, String name, String text) {
    xml.append('<').append(name).append('>').append(text);
    xml.append("</").append(name).append('>');
  }

  private static void error(HttpServletResponse response, int status, String code)
      throws IOException {
    response.setStatus(status);
    send(response, new StringBuilder("<Error><Code>").append(code).append("</Code></Error>"));
  }

  private static void send(HttpServletResponse response, StringBuilder xml) throws IOException {
    byte[] body = xml.toString().getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/xml");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
