package org.lading.download;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.lading.event.Subscription;
import org.lading.manifest.ManifestRequest;

/**
 * A client's request to create a download.
 *
 * @param root the root under which the download is addressed
 * @param timeoutDays days until the download is deleted, at least 1; bounded by the retention
 * @param isRepeatable whether whoever has the download's id may have it prepared again
 * @param manifest the targets
 * @param subscriptions who wants to be told what happens to the download
 * @param key what tells the request from all others, or null: if a download has it already, the
 *     request is the same, and makes no other one
 * @param origin where the request comes from
 */
public record CreateRequest(
    String root,
    OptionalLong timeoutDays,
    boolean isRepeatable,
    ManifestRequest manifest,
    List<Subscription> subscriptions,
    @Nullable String key,
    RequestOrigin origin) {
  /** Makes a request of which nobody is told. */
  public CreateRequest(
      String root, OptionalLong timeoutDays, boolean isRepeatable, ManifestRequest manifest) {
    this(root, timeoutDays, isRepeatable, manifest, List.of(), null, RequestOrigin.UNKNOWN);
  }

  /** Copies this request with others that want to be told, and a key. */
  public CreateRequest with(List<Subscription> told, @Nullable String newKey) {
    return new CreateRequest(root, timeoutDays, isRepeatable, manifest, told, newKey, origin);
  }

  /** Copies this request with where it comes from. */
  public CreateRequest from(RequestOrigin other) {
    return new CreateRequest(root, timeoutDays, isRepeatable, manifest, subscriptions, key, other);
  }

  /** Copies this request with who asked. */
  public CreateRequest by(String address, @Nullable String userAgent) {
    return from(origin.of(address, userAgent));
  }
}
