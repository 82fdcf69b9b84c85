package org.lading.request;

import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.access.Client;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Checks the roots that requests name.
 *
 * @param names the names of all roots
 */
public record RootCheck(Set<String> names) {
  /** Copies the names. */
  public RootCheck {
    names = Set.copyOf(names);
  }

  /**
   * Returns what takes a root that a client's request names, with the index of the target that
   * names it or -1, and throws {@code INVALID_ROOT} or {@code FORBIDDEN}.
   */
  public ObjIntConsumer<String> of(Client client) {
    return (root, index) -> {
      LadingException fault = fault(client, root);
      if (fault != null) {
        throw index < 0 ? fault : fault.at(index, null);
      }
    };
  }

  private @Nullable LadingException fault(Client client, String root) {
    if (!names.contains(root)) {
      return new LadingException(ErrorCode.INVALID_ROOT, "Invalid root: " + PrintableText.of(root));
    }
    return client.mayUse(root)
        ? null
        : new LadingException(ErrorCode.FORBIDDEN, "The root " + root + " is not yours to use");
  }
}
