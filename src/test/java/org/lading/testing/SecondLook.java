package org.lading.testing;

import java.time.Instant;
import org.lading.root.ChangeCheck;
import org.lading.root.Item;
import org.lading.root.Root;

/** Looks at single items again. */
public final class SecondLook {
  private SecondLook() {}

  /** Whether a root says that an item is what it was. */
  public static boolean isUnchanged(Root root, Item item) {
    return isUnchanged(root, item.key(), item.size(), item.modified());
  }

  /** Whether a root says that what has this key has that size and time. */
  public static boolean isUnchanged(Root root, String key, long size, Instant modified) {
    try (ChangeCheck check = root.changeCheck()) {
      return check.isUnchanged(key, size, modified);
    }
  }
}
