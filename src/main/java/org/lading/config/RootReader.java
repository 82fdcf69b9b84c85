package org.lading.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.root.RootSettings;
import org.lading.root.Undeliverable;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.s3.S3RootSettings;

/** Reads the roots of one file, and checks each by itself and against the earlier ones. */
final class RootReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  /**
   * The names of pages at the first level of URLs, of those that are to come, and of paths that
   * containers never serve, in lower case.
   */
  private static final Set<String> RESERVED_NAMES =
      Set.of(
          ".",
          "..",
          "browse",
          "create",
          "entry",
          "estimate",
          "health",
          "list",
          "meta-inf",
          "metrics",
          "limits",
          "openapi.json",
          "status",
          "web-inf",
          "zip");

  private static final int MAX_LIST_CONCURRENCY = 256;

  /** The maximum length of a name, which is a part of paths in {@code storage} and in nginx. */
  private static final int MAX_NAME_CHARS = 255;

  private static final int MAX_KEY_BYTES = 1024;

  private final Set<String> names = new HashSet<>();
  private final Set<String> publicNames = new HashSet<>();
  private final Map<String, S3RootSettings> buckets = new HashMap<>();

  /** Returns the names of all roots that were read, also of those with faults. */
  Set<String> names() {
    return Set.copyOf(names);
  }

  /** Returns the names of the roots of which everybody may have everything. */
  Set<String> publicNames() {
    return Set.copyOf(publicNames);
  }

  private enum Type {
    FILESYSTEM,
    S3
  }

  /** Reads the root of one section; null after adding faults. */
  @Nullable RootSettings read(SectionReader section) {
    String name = name(section);
    Type type = type(section);
    if (type == null) {
      return null;
    }
    if (section.flag("public", false)) {
      publicNames.add(name);
    }
    @Nullable RootSettings root = type == Type.S3 ? s3(name, section) : filesystem(name, section);
    AncestorKeys.OF_A_ROOT.forEach(section::passOver);
    section.refuseUnknown(Set.of());
    return root;
  }

  private String name(SectionReader section) {
    String name = section.required("name");
    if (!name.isEmpty()) {
      if (!NAME.matcher(name).matches()) {
        section.fault("name", "may hold only letters, digits, dots, underscores and hyphens");
      } else if (name.length() > MAX_NAME_CHARS) {
        section.fault("name", "has more than " + MAX_NAME_CHARS + " characters");
      } else if (RESERVED_NAMES.contains(name.toLowerCase(Locale.ROOT))) {
        section.fault("name", name + " is reserved: it would hide another URL");
      } else if (!names.add(name)) {
        section.fault("name", "another root is named " + name);
      }
    }
    return name;
  }

  private static @Nullable Type type(SectionReader section) {
    boolean path = section.has("path");
    boolean bucket = section.has("bucket");
    if (section.has("type")) {
      return section.word("type", Type.class);
    }
    if (path == bucket) {
      section.fault(
          path
              ? "has both path and bucket: a directory has a path, an S3 root a bucket"
              : "needs a path (a directory) or a bucket (S3)");
      return null;
    }
    return bucket ? Type.S3 : Type.FILESYSTEM;
  }

  private static @Nullable RootSettings filesystem(String name, SectionReader section) {
    if (section.has("bucket")) {
      section.fault("bucket", "does not belong to a root of type filesystem");
    }
    Path path = section.requiredPath("path");
    boolean followSymlinks = section.flag("follow_symlinks", false);
    var serve = section.word("serve", FilesystemRootSettings.Serve.class);
    return section.isFaulty("path")
        ? null
        : new FilesystemRootSettings(
            name,
            path,
            followSymlinks,
            serve == null ? FilesystemRootSettings.Serve.LINKS : serve,
            undeliverable(section));
  }

  private static Undeliverable undeliverable(SectionReader section) {
    Undeliverable word = section.word("undeliverable", Undeliverable.class);
    return word == null ? Undeliverable.REFUSE : word;
  }

  private static S3RootSettings.Sign sign(SectionReader section) {
    S3RootSettings.Sign word = section.word("sign", S3RootSettings.Sign.class);
    return word == null ? S3RootSettings.Sign.AUTO : word;
  }

  private RootSettings s3(String name, SectionReader section) {
    if (section.has("path")) {
      section.fault("path", "does not belong to a root of type s3; prefix is what stands before");
    }
    String bucket = section.required("bucket");
    URI endpoint = section.url("endpoint");
    S3RootSettings root =
        S3RootSettings.builder(name, bucket)
            .endpoint(endpoint)
            .credentials(credentials(section))
            .prefix(prefix(section))
            .region(section.text("region"))
            .pathStyle(
                section.flag("force_path_style", false)
                    || S3RootSettings.needsPathStyle(bucket, endpoint))
            .urlExpiry(
                section.duration(
                    "url_expiry",
                    S3RootSettings.DEFAULT_URL_EXPIRY,
                    S3RootSettings.MIN_URL_EXPIRY,
                    S3RootSettings.MAX_URL_EXPIRY))
            .requesterPays(section.flag("requester_pays", false))
            .undeliverable(undeliverable(section))
            .listConcurrency(
                section.number(
                    "list_concurrency",
                    S3RootSettings.DEFAULT_LIST_CONCURRENCY,
                    1,
                    MAX_LIST_CONCURRENCY))
            .guard(section.flag("guard", true))
            .sign(sign(section))
            .build();
    BucketRules.check(root, section);
    checkSharedBucket(root, section);
    return root;
  }

  private static String prefix(SectionReader section) {
    String prefix = section.text("prefix");
    if (prefix == null || prefix.equals("/")) {
      return "";
    }
    if (Arrays.asList(prefix.split("/", -1)).contains("..")) {
      section.fault("prefix", "has a segment .., which no target could be asked for below");
      return "";
    }
    if (prefix.getBytes(UTF_8).length > MAX_KEY_BYTES) {
      section.fault("prefix", "has more than " + MAX_KEY_BYTES + " bytes, as no key has");
    }
    return prefix;
  }

  /** Reads the credentials; null if there are none, or after adding faults. */
  private static S3RootSettings.@Nullable Credentials credentials(SectionReader section) {
    String id = section.text("aws_access_key_id");
    String secret = section.text("aws_secret_access_key");
    String token = section.text("aws_session_token");
    if (id != null && secret != null) {
      return new S3RootSettings.Credentials(id, secret, token);
    }
    if (id != null && !section.isFaulty("aws_secret_access_key")) {
      section.fault("aws_access_key_id", "needs aws_secret_access_key beside it");
    }
    if (secret != null && !section.isFaulty("aws_access_key_id")) {
      section.fault("aws_secret_access_key", "needs aws_access_key_id beside it");
    }
    if (token != null && id == null && secret == null) {
      section.fault("aws_session_token", "needs aws_access_key_id and aws_secret_access_key");
    }
    return null;
  }

  /** Checks that all roots of a bucket have one host, since nginx finds it by the bucket's name. */
  private void checkSharedBucket(S3RootSettings root, SectionReader section) {
    S3RootSettings earlier = buckets.putIfAbsent(root.bucket(), root);
    if (earlier == null || root.bucket().isEmpty()) {
      return;
    }
    URI endpoint = earlier.endpoint();
    boolean regionsDiffer =
        root.region() != null
            && earlier.region() != null
            && !root.region().equals(earlier.region());
    if (!Objects.equals(endpoint, root.endpoint())
        || regionsDiffer
        || root.pathStyle() != earlier.pathStyle()) {
      section.fault(
          "bucket",
          "the root %s has this bucket with another endpoint, region or path style; nginx could not tell them apart"
              .formatted(earlier.name()));
    }
  }
}
