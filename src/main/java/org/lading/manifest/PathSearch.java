package org.lading.manifest;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.Root;

/** Finds out whether a file or a directory lies at a path of a root, and lists what does. */
final class PathSearch {
  private final Root root;
  private final String path;
  private boolean hasContent;

  /** Makes a search for a path, which means a directory if it is empty or ends in a slash. */
  PathSearch(Root root, String path) {
    this.root = root;
    this.path = path;
  }

  /**
   * Hands over the file, or else everything in the directory. A bucket may have both: then it is
   * the file.
   *
   * @return whether a directory is there, with nothing in it
   * @throws LadingException {@code NOT_FOUND} if there is neither
   */
  boolean run(Consumer<Item> file, ItemSink listed) {
    LadingException noFile = null;
    if (!path.isEmpty() && !path.endsWith("/")) {
      try {
        file.accept(root.file(path));
        return false;
      } catch (LadingException e) {
        requireMissing(e);
        noFile = e;
      }
    }
    try {
      root.list(path, true, watching(listed));
    } catch (LadingException e) {
      if (hasContent) {
        throw e;
      }
      requireMissing(e);
      throw nothing(noFile, e);
    }
    return !hasContent;
  }

  private static void requireMissing(LadingException e) {
    if (e.code() != ErrorCode.MISSING_OR_INVALID_TARGET) {
      throw e;
    }
  }

  private ItemSink watching(ItemSink listed) {
    return new ItemSink() {
      @Override
      public void accept(Item item) {
        hasContent = true;
        listed.accept(item);
      }

      @Override
      public void count(int count) {
        listed.count(count);
      }

      @Override
      public void refuse(LadingException why) {
        hasContent = true;
        listed.refuse(why);
      }
    };
  }

  private static LadingException nothing(
      @Nullable LadingException noFile, LadingException noDirectory) {
    String sentence = noDirectory.sentence();
    if (noFile != null && !noFile.sentence().equals(sentence)) {
      sentence = noFile.sentence() + "; " + sentence;
    }
    return new LadingException(ErrorCode.NOT_FOUND, sentence, noDirectory);
  }
}
