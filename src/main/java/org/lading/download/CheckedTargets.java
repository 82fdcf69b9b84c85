package org.lading.download;

import java.util.Iterator;
import java.util.function.Consumer;
import org.lading.manifest.Target;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.Target.LiteralTarget;

/** Iterates over targets, and has the root of each checked before it is used. */
record CheckedTargets(Iterator<Target> targets, Consumer<String> rootCheck)
    implements Iterator<Target> {
  @Override
  public boolean hasNext() {
    return targets.hasNext();
  }

  @Override
  public Target next() {
    Target next = targets.next();
    if (next instanceof FileTarget file) {
      rootCheck.accept(file.root());
    } else if (next instanceof DirectoryTarget directory) {
      rootCheck.accept(directory.root());
    } else if (!(next instanceof LiteralTarget)) {
      throw new IllegalStateException("not a kind of target: " + next.getClass());
    }
    return next;
  }
}
