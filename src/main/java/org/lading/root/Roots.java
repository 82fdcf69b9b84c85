package org.lading.root;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.base.ResourceCloser;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Holds the configured roots by their names, owns them and closes them. */
public final class Roots implements AutoCloseable {
  private final Map<String, Root> byName = new LinkedHashMap<>();

  /** Takes ownership of the roots; {@link IllegalArgumentException} if two have the same name. */
  public Roots(List<Root> roots) {
    for (Root root : roots) {
      if (byName.put(root.name(), root) != null) {
        throw new IllegalArgumentException("two roots are named " + root.name());
      }
    }
  }

  /** Returns the root of that name, or fails with {@code INVALID_ROOT}. */
  public Root get(String name) {
    Root root = find(name);
    if (root == null) {
      throw new LadingException(ErrorCode.INVALID_ROOT, "Invalid root: " + PrintableText.of(name));
    }
    return root;
  }

  /** Returns the root of that name, or null. */
  public @Nullable Root find(String name) {
    return byName.get(name);
  }

  /** Returns all roots in the order of the configuration. */
  public Collection<Root> all() {
    return byName.values();
  }

  @Override
  public void close() {
    ResourceCloser.closeAll(byName.values(), Root::close);
  }
}
