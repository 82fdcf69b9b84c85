package org.lading.config;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lading.root.s3.S3RootSettings;

/**
 * Checks that the settings of an S3 root can work at all. The rules for AWS are those of its <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">bucket
 * names</a>; other stores allow more.
 */
final class BucketRules {
  private static final Pattern HOST_LABELS = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** The bucket names of compatible stores and AWS before 2018; not all can be host names. */
  private static final Pattern PATH_STYLE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]");

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** The first segments of nginx's other locations. */
  private static final Set<String> RESERVED =
      Set.of(
          "internal", "downloads", "entry", "16k", "64k", "256k", "if-match", "unmodified-since");

  private static final String FORM = "must be 3 to 63 lower-case letters, digits, dots and hyphens";

  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern AWS_REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-\\d{1,2}");
  private static final Pattern REGIONAL_HOST =
      Pattern.compile("(?:.*\\.)?s3[.-](?:dualstack\\.|fips\\.)?([a-z]{2,}(?:-[a-z]+)+-\\d+)\\..*");
  private static final Pattern TEMPORARY_KEY = Pattern.compile("ASIA[A-Z0-9]{16}");
  private static final Pattern KEY = Pattern.compile("(AKIA|ASIA)[A-Z0-9]{16}");

  private BucketRules() {}

  /** Adds the faults of a root's settings to its section. */
  static void check(S3RootSettings root, SectionReader section) {
    if (!root.bucket().isEmpty()) {
      checkBucket(root, section);
    }
    checkRegion(root, section);
    checkEndpoint(root, section);
    checkKeys(root, section);
  }

  private static void checkBucket(S3RootSettings root, SectionReader section) {
    String bucket = root.bucket();
    if (bucket.contains(":")) {
      section.fault("bucket", "is a URL or an ARN: give the name of the bucket alone");
    } else if (RESERVED.contains(bucket)) {
      section.fault("bucket", bucket + " would collide with nginx's location of that name");
    } else if (!PATH_STYLE.matcher(bucket).matches()) {
      section.fault("bucket", FORM);
    } else if (!HOST_LABELS.matcher(bucket).matches() && !root.pathStyle()) {
      section.fault(
          "bucket",
          FORM
              + ", or needs force_path_style: true for a store that allows more"
              + (bucket.contains("_") ? "; no host name may have an underscore" : ""));
    } else if (bucket.contains("..")) {
      section.fault("bucket", "has two dots in a row, as no bucket has");
    } else if (IPV4.matcher(bucket).matches()) {
      section.fault("bucket", "has the form of an IP address, as no bucket has");
    } else if (bucket.endsWith("--x-s3") || bucket.endsWith("--table-s3")) {
      section.fault("bucket", "is a directory bucket or a table bucket, which Lading cannot read");
    } else if (root.isAws()
        && Stream.of("xn--", "sthree-", "amzn-s3-demo-").anyMatch(bucket::startsWith)) {
      section.fault("bucket", "begins as no bucket of AWS does");
    }
  }

  private static void checkRegion(S3RootSettings root, SectionReader section) {
    String region = root.region();
    if (region == null) {
      return;
    }
    if (!REGION.matcher(region).matches()) {
      section.fault("region", "may hold only letters, digits, underscores and hyphens");
    } else if (root.isAws() && !AWS_REGION.matcher(region).matches()) {
      String lower = region.toLowerCase(Locale.ROOT);
      section.fault(
          "region",
          AWS_REGION.matcher(lower).matches()
              ? "must be in lower case: " + lower
              : "is no region of AWS, whose form is us-east-1");
    }
  }

  private static void checkEndpoint(S3RootSettings root, SectionReader section) {
    URI endpoint = root.endpoint();
    if (endpoint == null) {
      return;
    }
    String host = endpoint.getHost().toLowerCase(Locale.ROOT);
    if (!root.pathStyle() && host.startsWith(root.bucket() + ".")) {
      section.fault("endpoint", "begins with the bucket, which is put in front once more");
    } else if (root.isAws() && !endpoint.getRawPath().isEmpty()) {
      section.fault("endpoint", "has a path, as no endpoint of AWS has");
    } else if (root.isAws() && root.region() != null) {
      var regional = REGIONAL_HOST.matcher(host);
      if (regional.matches() && !regional.group(1).equals(root.region())) {
        section.fault("endpoint", "is of another region than " + root.region());
      }
    }
  }

  private static void checkKeys(S3RootSettings root, SectionReader section) {
    S3RootSettings.Credentials keys = root.credentials();
    if (keys == null) {
      return;
    }
    requireNoSpace("aws_access_key_id", keys.accessKeyId(), section);
    requireNoSpace("aws_secret_access_key", keys.secretAccessKey(), section);
    String token = keys.sessionToken();
    if (token != null) {
      requireNoSpace("aws_session_token", token, section);
    }
    if (KEY.matcher(keys.secretAccessKey()).matches()) {
      section.fault("aws_secret_access_key", "is the id of a key, not its secret");
    } else if (root.isAws()
        && token == null
        && TEMPORARY_KEY.matcher(keys.accessKeyId()).matches()) {
      section.fault("aws_access_key_id", "is temporary, and needs aws_session_token beside it");
    }
  }

  /** Refuses white space, which a file or variable often has at its end. */
  private static void requireNoSpace(String key, String value, SectionReader section) {
    if (value.chars().anyMatch(Character::isWhitespace)) {
      section.fault(key, "has white space");
    }
  }
}
